// PID 1 of a tenant runtime: holds the listening socket, keeps PostgreSQL and Node running as two users, replaces Node
// without closing the socket, serves the admin socket of docs/runtime-contract.md, and stops all of it in order.
package main

import (
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
)

func main() {
	if len(os.Args) > 1 {
		if err := child(os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "FATAL:  "+err.Error())
			os.Exit(1)
		}
		return
	}
	// beside PostgreSQL and Node, PID 1 must not be noticed
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(25)
	debug.SetMemoryLimit(8 << 20)
	l := newLogger(os.Stdout)
	if err := boot(l); err != nil {
		l.error("the runtime cannot start", err)
		l.close()
		os.Exit(1)
	}
	l.close()
}

func boot(l *logger) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	listener, err := listen(trafficAddress)
	if err != nil {
		return err
	}
	image, _ := os.ReadFile(imageFile)
	s := newSupervisor(l, listener, strings.TrimSpace(string(image)))
	s.loadConfig()
	s.run()
	if err := s.serveAdmin(adminSocket); err != nil {
		return err
	}
	l.info("stopping: " + (<-signals).String())
	s.stop()
	l.info("stopped")
	return nil
}

// listen opens the socket that every Node inherits.
func listen(address string) (*os.File, error) {
	l, err := net.Listen("tcp4", address)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	return l.(*net.TCPListener).File()
}

// child is one of the small tasks that PID 1 does as another user.
func child(task string, args []string) error {
	switch {
	case task == "postgres" && len(args) == 0:
		return runPostgres()
	case task == "sync" && len(args) == 1:
		return syncFileSystem(args[0])
	case task == "size" && len(args) == 1:
		bytes, err := folderBytes(args[0])
		if err == nil {
			fmt.Println(bytes)
		}
		return err
	}
	return fmt.Errorf("unknown task %q", task)
}
