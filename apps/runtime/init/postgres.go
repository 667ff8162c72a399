package main

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"time"
)

// keepPostgres starts PostgreSQL and starts it again when it ends by itself. Node is left alone meanwhile: its pool reconnects.
func (s *supervisor) keepPostgres() {
	for crashes := 0; !s.isStopping(); {
		started := time.Now()
		p, err := s.spawner.start(command{
			path: "/proc/self/exe",
			args: []string{"postgres"},
			env:  []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC"},
			uid:  postgresID,
			dir:  "/",
			wrap: postgresLine,
		}, s.log)
		if err == nil {
			s.mu.Lock()
			s.postgres = p
			stopping := s.stopping
			s.mu.Unlock()
			if stopping {
				p.signal(syscall.SIGINT)
			}
			go s.announcePostgres(p)
			<-p.done
			err = errors.New(p.ended.String())
		}
		if s.isStopping() {
			return
		}
		if time.Since(started) > stableAfter {
			crashes = 0
		}
		crashes++
		s.log.error("PostgreSQL ended, it is started again", err)
		s.update(func(t *state) { t.Postgres = "restarting" })
		s.endAllOf(postgresID)
		time.Sleep(backOff(crashes))
	}
}

// announcePostgres asks until PostgreSQL takes connections.
func (s *supervisor) announcePostgres(p *process) {
	for {
		select {
		case <-p.done:
			return
		case <-time.After(postgresPollStep):
		}
		if _, err := pgQuery(pgSocket, "", time.Second); err == nil {
			break
		}
	}
	first := false
	s.update(func(t *state) {
		t.Postgres = "ready"
		if _, known := t.BootMs["postgres"]; !known {
			first = true
			t.BootMs["postgres"] = s.sinceBirth()
		}
	})
	if !first {
		s.log.info("PostgreSQL is back")
	}
}

// endAllOf ends what a killed postmaster left: its lock file is removed at the next start, which is safe only when no process of the old
// one can still write.
func (s *supervisor) endAllOf(uid uint32) {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		left := processesOf(uid)
		if len(left) == 0 {
			return
		}
		for _, pid := range left {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

func processesOf(uid uint32) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == 1 {
			continue
		}
		var st syscall.Stat_t
		if syscall.Stat("/proc/"+e.Name(), &st) == nil && st.Uid == uid {
			pids = append(pids, pid)
		}
	}
	return pids
}
