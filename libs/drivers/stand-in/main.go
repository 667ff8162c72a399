// A runtime in name only: it keeps the contract of docs/runtime-contract.md, so that driver and node agent can be tested in seconds.
// The file /data/fault, written by the test from outside, makes it fail: `exit`, `never-ready`, `refuse-config`, `exit-after=<ms>`.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const configFile = "/data/config/runtime.json"

var config atomic.Pointer[map[string]any]

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	say("info", "starts as "+os.Getenv("BERTH_RUNTIME_ID"))
	fault := readFault()
	if fault == "exit" {
		say("error", "told to exit")
		os.Exit(3)
	}
	if text, found := strings.CutPrefix(fault, "exit-after="); found {
		ms, _ := strconv.Atoi(text)
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { os.Exit(4) })
	}
	if kept, err := os.ReadFile(configFile); err == nil {
		load(kept)
	}
	traffic, err := net.Listen("tcp", "0.0.0.0:1337")
	check(err)
	go http.Serve(traffic, http.HandlerFunc(answer))

	_ = os.Remove("/run/berth/admin.sock")
	admin, err := net.Listen("unix", "/run/berth/admin.sock")
	check(err)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { send(w, 200, status("ready")) })
	mux.HandleFunc("GET /ready", ready)
	mux.HandleFunc("PUT /config", putConfig)
	go http.Serve(admin, mux)
	<-signals
	say("info", "ends")
}

func answer(w http.ResponseWriter, r *http.Request) {
	current := config.Load()
	if current == nil {
		send(w, 503, map[string]any{"code": "RUNTIME_NOT_CONFIGURED"})
		return
	}
	if asked := r.Header.Get("X-Berth-Environment"); asked != "" && asked != (*current)["environmentId"] {
		send(w, 421, map[string]any{"code": "ENVIRONMENT_MISMATCH"})
		return
	}
	send(w, 200, map[string]any{"runtime": os.Getenv("BERTH_RUNTIME_ID"), "generation": generation()})
}

func ready(w http.ResponseWriter, r *http.Request) {
	ms, _ := strconv.Atoi(r.URL.Query().Get("timeoutMs"))
	for end := time.Now().Add(time.Duration(ms) * time.Millisecond); readFault() == "never-ready"; {
		if time.Now().After(end) {
			send(w, 503, map[string]any{"code": "NOT_READY", "message": "told so", "postgres": "ready", "node": map[string]any{"state": "starting"}})
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	send(w, 200, status("ready"))
}

func putConfig(w http.ResponseWriter, r *http.Request) {
	var wanted map[string]any
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		send(w, 400, map[string]any{"code": "INPUT_INVALID", "message": err.Error()})
		return
	}
	if readFault() == "refuse-config" {
		send(w, 422, map[string]any{"code": "CONFIG_REFUSED", "message": "told to refuse"})
		return
	}
	if number, _ := wanted["generation"].(float64); int(number) < generation() {
		send(w, 409, map[string]any{"code": "STALE_GENERATION", "message": fmt.Sprintf("generation %d is applied", generation())})
		return
	}
	text, _ := json.Marshal(wanted)
	if err := os.WriteFile(configFile+".new", text, 0o640); err != nil {
		send(w, 500, map[string]any{"code": "INTERNAL", "message": err.Error()})
		return
	}
	_ = os.Rename(configFile+".new", configFile)
	load(text)
	send(w, 200, map[string]any{"generation": generation(), "appliedMs": 1})
}

func status(node string) map[string]any {
	environment := any(nil)
	if current := config.Load(); current != nil {
		environment = (*current)["environmentId"]
	}
	return map[string]any{
		"postgres": "ready", "node": map[string]any{"state": node, "pid": 1, "restarts": 0, "lastExit": nil},
		"generation": generation(), "environmentId": environment,
	}
}

func load(text []byte) {
	var found map[string]any
	if json.Unmarshal(text, &found) == nil {
		config.Store(&found)
	}
}

func generation() int {
	current := config.Load()
	if current == nil {
		return 0
	}
	number, _ := (*current)["generation"].(float64)
	return int(number)
}

func readFault() string {
	text, _ := os.ReadFile("/data/fault")
	return strings.TrimSpace(string(text))
}

func send(w http.ResponseWriter, code int, body map[string]any) {
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

func say(level, message string) {
	line, _ := json.Marshal(map[string]any{"time": time.Now().UTC(), "level": level, "source": "init", "msg": message})
	fmt.Println(string(line))
}

func check(err error) {
	if err != nil {
		say("error", err.Error())
		os.Exit(2)
	}
}
