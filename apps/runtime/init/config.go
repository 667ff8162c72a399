package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// configHead is what PID 1 needs to know of a RuntimeConfig; the rest is Node's.
type configHead struct {
	Generation    *int64  `json:"generation"`
	EnvironmentID *string `json:"environmentId"`
}

// refusal is an answer of the admin socket that is not the caller's wish.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.message }

// loadConfig says which generation the volume holds. Node reads the file itself.
func (s *supervisor) loadConfig() {
	b, err := os.ReadFile(configFile)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	var head configHead
	if err == nil {
		err = json.Unmarshal(b, &head)
	}
	if err != nil || head.Generation == nil {
		s.log.error("the kept configuration cannot be read", err)
		return
	}
	s.update(func(t *state) { t.Generation, t.EnvironmentID = *head.Generation, head.EnvironmentID })
}

// apply gives a configuration to Node and, when Node serves it, keeps it on the volume.
func (s *supervisor) apply(body []byte) (int64, error) {
	var head configHead
	if err := json.Unmarshal(body, &head); err != nil {
		return 0, &refusal{http.StatusBadRequest, "INVALID_JSON", "the body is not a JSON object: " + err.Error()}
	}
	if head.Generation == nil || *head.Generation < 1 {
		return 0, &refusal{http.StatusUnprocessableEntity, "INVALID_CONFIG", "generation: a positive integer is missing"}
	}
	if last, ready := s.waitReady(applyLimit); !ready {
		return 0, notReady(last)
	}
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if now, _ := s.look(); *head.Generation < now.Generation {
		message := fmt.Sprintf("generation %d is applied already", now.Generation)
		return 0, &refusal{http.StatusConflict, "STALE_GENERATION", message}
	}
	n := s.currentNode()
	a, err := n.call(http.MethodPut, "/_lifecycle/config", body, applyLimit)
	if err != nil {
		return 0, &refusal{http.StatusServiceUnavailable, "NOT_READY", err.Error()}
	}
	if a.status != http.StatusOK {
		return 0, &refusal{http.StatusUnprocessableEntity, "INVALID_CONFIG", a.message()}
	}
	if err := writeDurably(configFile, a.body); err != nil {
		s.log.error("the configuration cannot be kept", err)
		return 0, &refusal{http.StatusInsufficientStorage, "CONFIG_NOT_KEPT", err.Error()}
	}
	s.update(func(t *state) { t.Generation, t.EnvironmentID = *head.Generation, head.EnvironmentID })
	return *head.Generation, nil
}

func notReady(last state) *refusal {
	message := fmt.Sprintf("PostgreSQL is %s, Node is %s", last.Postgres, last.Node.State)
	return &refusal{http.StatusServiceUnavailable, "NOT_READY", message}
}

// writeDurably replaces a file: after a crash it is the old or the new one, complete.
func writeDurably(path string, content []byte) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// timed runs f and gives how long it took, in milliseconds.
func timed(f func() error) (int64, error) {
	began := time.Now()
	err := f()
	return time.Since(began).Milliseconds(), err
}
