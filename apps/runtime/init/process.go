package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// exit is how a process ended.
type exit struct {
	Code   int
	Signal syscall.Signal
}

func (e exit) String() string {
	if e.Signal != 0 {
		return e.Signal.String()
	}
	return fmt.Sprintf("exit code %d", e.Code)
}

// process is a child of PID 1. done is closed when it has been reaped; ended is valid from then on.
type process struct {
	pid   int
	done  chan struct{}
	ended exit
	tail  tail
}

func (p *process) signal(s syscall.Signal) {
	select {
	case <-p.done:
	default:
		syscall.Kill(p.pid, s)
	}
}

func (p *process) hasEnded() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// spawner starts children and reaps every process of the container, orphans included. os/exec is not used: its Wait would
// compete with the reaping of all.
type spawner struct {
	mu       sync.Mutex
	children map[int]*process
}

func newSpawner() *spawner { return &spawner{children: map[int]*process{}} }

type command struct {
	path  string
	args  []string
	env   []string
	uid   int
	dir   string
	files []*os.File // become fd 3, 4, …
	wrap  func(string) []byte
}

// start runs c in a process group of its own, without PID 1's privileges, its output relayed into the log.
func (s *spawner) start(c command, l *logger) (*process, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDONLY, 0)
	if err != nil {
		out.Close()
		return nil, err
	}
	defer null.Close()
	fds := []uintptr{null.Fd(), in.Fd(), in.Fd()}
	for _, f := range c.files {
		fds = append(fds, f.Fd())
	}
	p := &process{done: make(chan struct{})}
	// the lock holds the reaper back until the child is known to it
	s.mu.Lock()
	p.pid, err = syscall.ForkExec(c.path, append([]string{c.path}, c.args...), &syscall.ProcAttr{
		Dir:   c.dir,
		Env:   c.env,
		Files: fds,
		Sys:   &syscall.SysProcAttr{Setpgid: true, Credential: credential(c.uid)},
	})
	if err == nil {
		s.children[p.pid] = p
	}
	s.mu.Unlock()
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("start %s: %w", c.path, err)
	}
	go relay(out, l, &p.tail, c.wrap)
	return p, nil
}

// credential is the user to run as; outside a container (tests) there is no choice but one's own.
func credential(uid int) *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid), Groups: []uint32{}}
}

// reap collects ended processes for ever.
func (s *spawner) reap() {
	ended := make(chan os.Signal, 8)
	signal.Notify(ended, syscall.SIGCHLD)
	for {
		s.collect()
		<-ended
	}
}

func (s *spawner) collect() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil || pid <= 0 {
			return
		}
		s.mu.Lock()
		p := s.children[pid]
		delete(s.children, pid)
		s.mu.Unlock()
		if p == nil {
			continue
		}
		if status.Signaled() {
			p.ended = exit{Signal: status.Signal()}
		} else {
			p.ended = exit{Code: status.ExitStatus()}
		}
		close(p.done)
	}
}
