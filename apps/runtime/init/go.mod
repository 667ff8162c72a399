module berth/runtime/init

go 1.22
