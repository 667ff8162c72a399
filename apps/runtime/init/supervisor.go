package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// state is what GET /status shows.
type state struct {
	Postgres      string           `json:"postgres"`
	Node          nodeState        `json:"node"`
	Generation    int64            `json:"generation"`
	EnvironmentID *string          `json:"environmentId"`
	Image         string           `json:"image"`
	BootMs        map[string]int64 `json:"bootMs"`
}

type nodeState struct {
	State    string  `json:"state"`
	PID      int     `json:"pid"`
	Restarts int     `json:"restarts"`
	LastExit *string `json:"lastExit"`
}

// supervisor keeps PostgreSQL and Node running. Its mutex guards the fields below it; `turn` lets one change (configuration,
// replacement) happen at a time.
type supervisor struct {
	log      *logger
	spawner  *spawner
	listener *os.File
	born     time.Time
	turn     chan struct{}

	mu       sync.Mutex
	state    state
	changed  chan struct{} // closed and renewed with each change of state
	node     *node
	postgres *process
	stopping bool
}

func newSupervisor(l *logger, listener *os.File, image string) *supervisor {
	return &supervisor{
		log: l, spawner: newSpawner(), listener: listener, born: time.Now(), turn: make(chan struct{}, 1), changed: make(chan struct{}),
		state: state{Postgres: "starting", Node: nodeState{State: "starting"}, Image: image, BootMs: map[string]int64{}},
	}
}

// run starts both side by side and keeps them up.
func (s *supervisor) run() {
	go s.spawner.reap()
	go s.keepPostgres()
	go s.keepNode()
	go s.watchNode()
}

// update changes the state and tells those who wait for it.
func (s *supervisor) update(change func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state)
	close(s.changed)
	s.changed = make(chan struct{})
}

// look gives a copy of the state, and a channel that closes at its next change.
func (s *supervisor) look() (state, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.state
	c.BootMs = make(map[string]int64, len(s.state.BootMs))
	for k, v := range s.state.BootMs {
		c.BootMs[k] = v
	}
	return c, s.changed
}

func (s state) ready() bool {
	return s.Postgres == "ready" && (s.Node.State == "ready" || s.Node.State == "replacing")
}

// waitReady holds until both serve, at most `limit`.
func (s *supervisor) waitReady(limit time.Duration) (state, bool) {
	end := time.After(limit)
	for {
		now, changed := s.look()
		if now.ready() {
			return now, true
		}
		select {
		case <-changed:
		case <-end:
			return now, false
		}
	}
}

func (s *supervisor) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

func (s *supervisor) currentNode() *node {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.node
}

// sinceBirth is the time since PID 1 started, in milliseconds.
func (s *supervisor) sinceBirth() int64 { return time.Since(s.born).Milliseconds() }

// backOff is how long to wait before the next start: not at all after one crash, longer and longer when it crashes again and again.
func backOff(crashes int) time.Duration {
	if crashes <= 1 {
		return 0
	}
	return min(100*time.Millisecond<<min(crashes-2, 10), longestBackOff)
}

// keepNode starts Node, and again whenever the serving one ends. A replacement changes which one that is.
func (s *supervisor) keepNode() {
	for crashes := 0; !s.isStopping(); {
		started := time.Now()
		n, err := s.ensureNode()
		if err == nil {
			err = s.untilItEnds(n)
		}
		if s.isStopping() {
			return
		}
		if time.Since(started) > stableAfter {
			crashes = 0
		}
		crashes++
		reason := err.Error()
		s.log.error("Node ended, it is started again", err)
		s.update(func(t *state) {
			t.Node.State, t.Node.LastExit = "restarting", &reason
			t.Node.Restarts++
		})
		time.Sleep(backOff(crashes))
	}
}

// ensureNode gives the Node that serves, started here unless a replacement has brought one up meanwhile.
func (s *supervisor) ensureNode() (*node, error) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if n := s.currentNode(); n != nil && !n.hasEnded() {
		return n, nil
	}
	n, err := startNode(s.spawner, s.log, s.listener)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.node = n
	stopping := s.stopping
	s.mu.Unlock()
	if stopping {
		n.signal(syscall.SIGTERM)
	}
	s.update(func(t *state) { t.Node.PID = n.pid })
	go s.announce(n)
	return n, nil
}

// announce marks Node as ready once it serves. One that does not within its time is killed, and so started again.
func (s *supervisor) announce(n *node) {
	r, err := n.waitReady()
	if err != nil {
		s.log.error("Node did not become ready", err)
		n.signal(syscall.SIGKILL)
		return
	}
	first := false
	s.update(func(t *state) {
		if _, known := t.BootMs["listening"]; !known {
			first = true
			t.BootMs["listening"] = s.sinceBirth()
			for step, ms := range r.BootMs {
				t.BootMs[step] = ms
			}
		}
		if t.Node.PID == n.pid {
			t.Node.State = "ready"
		}
	})
	if first {
		s.log.infoMs("Node serves", time.Since(s.born))
	}
}

// untilItEnds waits for the end of n, or of whatever has replaced it by then.
func (s *supervisor) untilItEnds(n *node) error {
	for {
		<-n.done
		current := s.currentNode()
		if current == n {
			return errors.New(n.ended.String())
		}
		n = current
	}
}

// reload replaces Node without closing the socket: new one up, then traffic, then the old one drains. A new one that does not
// start leaves the old one serving.
func (s *supervisor) reload() (time.Duration, error) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	began := time.Now()
	old := s.currentNode()
	if now, _ := s.look(); !now.ready() || old == nil {
		return 0, errors.New("the runtime is not ready")
	}
	s.update(func(t *state) { t.Node.State = "replacing" })
	fresh, err := startNode(s.spawner, s.log, s.listener)
	if err == nil {
		_, err = fresh.waitReady()
	}
	if err != nil {
		s.update(func(t *state) {
			if !old.hasEnded() {
				t.Node.State = "ready"
			}
		})
		if fresh == nil {
			return 0, err
		}
		fresh.signal(syscall.SIGKILL)
		<-fresh.done
		return 0, fmt.Errorf("%w\n%s", err, fresh.tail.text())
	}
	s.mu.Lock()
	s.node = fresh
	s.mu.Unlock()
	s.update(func(t *state) { t.Node.PID, t.Node.State = fresh.pid, "ready" })
	go old.drain()
	return time.Since(began), nil
}

// watchNode is the time limit from outside: a Node whose event loop stands still is ended. A frozen container cannot be mistaken for it,
// since one freeze spoils one ping at most.
func (s *supervisor) watchNode() {
	missed, last := 0, 0
	for range time.Tick(pingEvery) {
		n := s.currentNode()
		if now, _ := s.look(); n == nil || now.Node.State != "ready" {
			missed = 0
			continue
		}
		if n.pid != last {
			missed, last = 0, n.pid
		}
		if _, err := n.call("GET", "/_lifecycle/ping", nil, pingLimit); err == nil {
			missed = 0
		} else if missed++; missed >= pingsMissed {
			s.log.error("Node has not answered for "+(pingsMissed*pingEvery).String()+", it is ended", err)
			n.signal(syscall.SIGKILL)
			missed = 0
		}
	}
}

// stop ends Node, then PostgreSQL with a checkpoint.
func (s *supervisor) stop() {
	s.mu.Lock()
	s.stopping = true
	n, pg := s.node, s.postgres
	s.mu.Unlock()
	// from the moment Node closes it too, new connections are refused instead of waiting for nobody
	s.listener.Close()
	if n != nil {
		n.signal(syscall.SIGTERM)
		n.endWithin(nodeDrainLimit)
	}
	if pg == nil {
		return
	}
	pg.signal(syscall.SIGINT)
	select {
	case <-pg.done:
	case <-time.After(postgresLimit):
		s.log.warn("PostgreSQL takes too long to stop; it recovers at the next start", nil)
		pg.signal(syscall.SIGQUIT)
		select {
		case <-pg.done:
		case <-time.After(5 * time.Second):
		}
	}
}
