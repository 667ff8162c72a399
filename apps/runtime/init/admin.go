package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const largestBody = 1 << 20

// serveAdmin answers the node agent. Whoever can open the socket is root on the node: there is nothing more to prove.
func (s *supervisor) serveAdmin(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	mask := syscall.Umask(0o077)
	socket, err := net.Listen("unix", path)
	syscall.Umask(mask)
	if err != nil {
		return err
	}
	go (&http.Server{Handler: s.adminRoutes(), ReadHeaderTimeout: 10 * time.Second}).Serve(socket)
	return nil
}

func (s *supervisor) adminRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		now, _ := s.look()
		send(w, http.StatusOK, now)
	})
	mux.HandleFunc("GET /ready", s.getReady)
	mux.HandleFunc("PUT /config", s.putConfig)
	mux.HandleFunc("POST /reload", s.postReload)
	mux.HandleFunc("GET /usage", s.getUsage)
	mux.HandleFunc("/node/", s.passToNode)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, &refusal{http.StatusNotFound, "NOT_FOUND", "no such call; see docs/runtime-contract.md"})
	})
	return mux
}

func (s *supervisor) getReady(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.Atoi(r.URL.Query().Get("timeoutMs"))
	if err != nil || ms < 0 {
		ms = 0
	}
	now, ready := s.waitReady(time.Duration(ms) * time.Millisecond)
	if ready {
		send(w, http.StatusOK, now)
		return
	}
	no := notReady(now)
	send(w, no.status, struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		state
	}{no.code, no.message, now})
}

func (s *supervisor) putConfig(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		refuse(w, &refusal{http.StatusRequestEntityTooLarge, "TOO_LARGE", err.Error()})
		return
	}
	var generation int64
	ms, err := timed(func() (err error) {
		generation, err = s.apply(body)
		return err
	})
	if err != nil {
		refuse(w, err)
		return
	}
	send(w, http.StatusOK, map[string]int64{"generation": generation, "appliedMs": ms})
}

func (s *supervisor) postReload(w http.ResponseWriter, _ *http.Request) {
	took, err := s.reload()
	if err != nil {
		refuse(w, &refusal{http.StatusConflict, "RELOAD_FAILED", err.Error()})
		return
	}
	send(w, http.StatusOK, map[string]int64{"ms": took.Milliseconds()})
}

func (s *supervisor) getUsage(w http.ResponseWriter, _ *http.Request) {
	usage, err := s.usage()
	if err != nil {
		refuse(w, &refusal{http.StatusServiceUnavailable, "NOT_READY", err.Error()})
		return
	}
	send(w, http.StatusOK, usage)
}

// passToNode hands the rest to Node's own control server, save what is between PID 1 and Node alone.
func (s *supervisor) passToNode(w http.ResponseWriter, r *http.Request) {
	n := s.currentNode()
	path := strings.TrimPrefix(r.URL.Path, "/node")
	if strings.HasPrefix(path, "/_lifecycle") {
		refuse(w, &refusal{http.StatusNotFound, "NOT_FOUND", "not a call of Node's"})
		return
	}
	if n == nil {
		refuse(w, &refusal{http.StatusServiceUnavailable, "NOT_READY", "Node is not up"})
		return
	}
	proxy := httputil.ReverseProxy{
		Transport:     n.control.Transport,
		FlushInterval: -1,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.URL.Path, p.Out.URL.RawPath = "http", "node", path, ""
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			refuse(w, &refusal{http.StatusBadGateway, "NODE_FAILED", err.Error()})
		},
	}
	proxy.ServeHTTP(w, r)
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, err error) {
	var r *refusal
	if !errors.As(err, &r) {
		r = &refusal{http.StatusInternalServerError, "INTERNAL", err.Error()}
	}
	send(w, r.status, map[string]string{"code": r.code, "message": r.message})
}
