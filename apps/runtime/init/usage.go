package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

// usageReport is the answer of GET /usage. Sizes in bytes are measured by PID 1, where the app's code has no say; the last four are
// Node's own word, for display and for the decision to sleep.
type usageReport struct {
	DatabaseBytes        int64            `json:"databaseBytes"`
	FileBytes            int64            `json:"fileBytes"`
	Memory               map[string]int64 `json:"memory"`
	Connections          int64            `json:"connections"`
	LiveQueryConnections int64            `json:"liveQueryConnections"`
	LastRequestAt        *string          `json:"lastRequestAt"`
	InFlight             int64            `json:"inFlight"`
}

func (s *supervisor) usage() (usageReport, error) {
	u := usageReport{Memory: memoryUse()}
	text, err := pgQuery(pgSocket, "select pg_database_size(current_database())", 5*time.Second)
	if err != nil {
		return u, err
	}
	if u.DatabaseBytes, err = strconv.ParseInt(text, 10, 64); err != nil {
		return u, err
	}
	if u.FileBytes, err = s.filesSize(); err != nil {
		return u, err
	}
	if n := s.currentNode(); n != nil {
		if a, err := n.call("GET", "/_lifecycle/usage", nil, 5*time.Second); err == nil {
			json.Unmarshal(a.body, &u)
		}
	}
	return u, nil
}

// filesSize asks a child that runs as user app, since PID 1 may not look into the app's folder.
func (s *supervisor) filesSize() (int64, error) {
	answers := make(chan string, 1)
	p, err := s.spawner.start(command{
		path: "/proc/self/exe",
		args: []string{"size", filesFolder},
		uid:  appID,
		dir:  "/",
		wrap: func(line string) []byte {
			select {
			case answers <- line:
			default:
			}
			return nil
		},
	}, s.log)
	if err != nil {
		return 0, err
	}
	select {
	case line := <-answers:
		return strconv.ParseInt(line, 10, 64)
	case <-time.After(30 * time.Second):
		p.signal(9)
		return 0, errors.New("measuring the files takes too long")
	}
}

// memoryUse reads the container's control group, version 2 or 1.
func memoryUse() map[string]int64 {
	use := map[string]int64{}
	for name, files := range map[string][2]string{
		"bytes":      {"/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
		"limitBytes": {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"},
	} {
		for _, file := range files {
			b, err := os.ReadFile(file)
			if n, bad := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && bad == nil {
				use[name] = n
				break
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/memory/memory.stat"} {
		if addStat(use, file) {
			break
		}
	}
	return use
}

func addStat(use map[string]int64, file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	names := map[string]string{"anon": "anonymousBytes", "rss": "anonymousBytes", "file": "cacheBytes", "cache": "cacheBytes"}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), " ")
		if name, wanted := names[key]; wanted {
			use[name], _ = strconv.ParseInt(value, 10, 64)
		}
	}
	return true
}
