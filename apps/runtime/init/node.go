package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// node is one Node process and the way to its control server.
type node struct {
	*process
	started time.Time
	control *http.Client
}

var nodeCount atomic.Int64

// startNode hands the listening socket (fd 3) and a control socket of its own (fd 4) to a new Node.
func startNode(s *spawner, l *logger, listener *os.File) (*node, error) {
	// abstract: PID 1 may not write into the app's folders; only processes of this container's network can reach it
	address := fmt.Sprintf("@berth-node-%d", nodeCount.Add(1))
	control, err := net.Listen("unix", address)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	file, err := control.(*net.UnixListener).File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	p, err := s.start(command{
		path:  nodeBinary,
		args:  append(nodeFlags(), nodeScript),
		env:   nodeEnvironment(),
		uid:   appID,
		dir:   "/data/app",
		files: []*os.File{listener, file},
		wrap:  nodeLine,
	}, l)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", address)
	}
	transport := &http.Transport{DialContext: dial, MaxIdleConns: 2, IdleConnTimeout: 30 * time.Second}
	return &node{process: p, started: time.Now(), control: &http.Client{Transport: transport}}, nil
}

// nodeFlags are those the compile cache was baked with: V8 refuses a cache made under others.
func nodeFlags() []string {
	b, _ := os.ReadFile(flagsFile)
	return strings.Fields(string(b))
}

func nodeEnvironment() []string {
	return []string{
		"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/data/app", "USER=app", "LANG=C.UTF-8", "TMPDIR=/tmp",
		"NODE_ENV=production", "NODE_COMPILE_CACHE=" + nodeCache, "BERTH_RUNTIME_ID=" + os.Getenv("BERTH_RUNTIME_ID"),
	}
}

// answer is what Node's control server said.
type answer struct {
	status int
	body   []byte
}

func (a answer) message() string {
	var e struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(a.body, &e) != nil || e.Message == "" {
		return fmt.Sprintf("Node answered %d", a.status)
	}
	return e.Message
}

// call asks Node's control server. It fails at once when the process ends.
func (n *node) call(method, path string, body []byte, limit time.Duration) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	go func() {
		select {
		case <-n.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	request, err := http.NewRequestWithContext(ctx, method, "http://node"+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	response, err := n.control.Do(request)
	if err != nil {
		return answer{}, n.whyNot(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	return answer{response.StatusCode, b}, n.whyNot(err)
}

func (n *node) whyNot(err error) error {
	if err == nil {
		return nil
	}
	select {
	case <-n.done:
		return fmt.Errorf("Node ended: %s", n.ended)
	default:
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("Node does not answer")
	}
	return err
}

// nodeReady is Node's answer when it serves.
type nodeReady struct {
	BootMs map[string]int64 `json:"bootMs"`
}

// waitReady holds until Node serves.
func (n *node) waitReady() (nodeReady, error) {
	var r nodeReady
	a, err := n.call(http.MethodGet, "/_lifecycle/ready", nil, nodeBootLimit)
	if err != nil {
		return r, err
	}
	if a.status != http.StatusOK {
		return r, errors.New(a.message())
	}
	return r, json.Unmarshal(a.body, &r)
}

// drain lets Node finish what it serves, then end; it is killed when it takes longer than the limit.
func (n *node) drain() {
	if _, err := n.call(http.MethodPost, "/_lifecycle/drain", nil, 2*time.Second); err != nil {
		n.signal(syscall.SIGTERM)
	}
	n.endWithin(nodeDrainLimit)
}

func (n *node) endWithin(limit time.Duration) {
	select {
	case <-n.done:
	case <-time.After(limit):
		n.signal(syscall.SIGKILL)
		<-n.done
	}
	n.control.CloseIdleConnections()
}

func (n *node) pidText() string { return strconv.Itoa(n.pid) }
