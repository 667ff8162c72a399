module berth/stand-in

go 1.22
