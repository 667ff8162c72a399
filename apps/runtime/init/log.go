package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	queuedLines = 512
	longestLine = 16 << 10
	tailLines   = 40
)

type logLine struct {
	Time   string `json:"time"`
	Level  string `json:"level"`
	Source string `json:"source"`
	Msg    string `json:"msg"`
	Error  string `json:"error,omitempty"`
	Ms     int64  `json:"ms,omitempty"`
}

// logger writes one JSON object a line. Its queue is bounded: when the engine stops reading the container's output, lines are
// dropped and counted rather than PostgreSQL, Node and PID 1 being blocked behind a full pipe.
type logger struct {
	queue   chan []byte
	dropped atomic.Int64
	end     chan struct{}
}

func newLogger(out io.Writer) *logger {
	l := &logger{queue: make(chan []byte, queuedLines), end: make(chan struct{})}
	go l.write(out)
	return l
}

func (l *logger) write(out io.Writer) {
	for line := range l.queue {
		if n := l.dropped.Swap(0); n > 0 {
			out.Write(encode(logLine{Level: "warn", Source: "init", Msg: fmt.Sprintf("%d log lines were dropped: nobody read them", n)}))
		}
		if line == nil {
			close(l.end)
			return
		}
		out.Write(line)
	}
}

// close waits, for a second at most, until what was said is written.
func (l *logger) close() {
	l.raw(nil)
	select {
	case <-l.end:
	case <-time.After(time.Second):
	}
}

func (l *logger) raw(line []byte) {
	select {
	case l.queue <- line:
	default:
		l.dropped.Add(1)
	}
}

func (l *logger) info(msg string) { l.raw(encode(logLine{Level: "info", Source: "init", Msg: msg})) }

func (l *logger) infoMs(msg string, d time.Duration) {
	l.raw(encode(logLine{Level: "info", Source: "init", Msg: msg, Ms: d.Milliseconds()}))
}

func (l *logger) warn(msg string, err error) {
	l.raw(encode(logLine{Level: "warn", Source: "init", Msg: msg, Error: text(err)}))
}

func (l *logger) error(msg string, err error) {
	l.raw(encode(logLine{Level: "error", Source: "init", Msg: msg, Error: text(err)}))
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func encode(l logLine) []byte {
	l.Time = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	b, _ := json.Marshal(l)
	return append(b, '\n')
}

// tail keeps the last lines of a process, to say why it did not start.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) == tailLines {
		t.lines = append(t.lines[:0], t.lines[1:]...)
	}
	t.lines = append(t.lines, line)
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// relay passes a process's output on. Lines that are JSON already are kept as they are, others are wrapped by `wrap`, which
// returns nil for what is not worth a line.
func relay(from *os.File, l *logger, t *tail, wrap func(line string) []byte) {
	defer from.Close()
	r := bufio.NewReaderSize(from, 4096)
	for {
		line, err := readLine(r)
		if line != "" {
			if t != nil {
				t.add(line)
			}
			if strings.HasPrefix(line, `{"time":`) {
				l.raw([]byte(line + "\n"))
			} else if b := wrap(line); b != nil {
				l.raw(b)
			}
		}
		if err != nil {
			return
		}
	}
}

// readLine reads to the next newline and cuts what is longer than longestLine.
func readLine(r *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, more, err := r.ReadLine()
		if room := longestLine - b.Len(); room > 0 {
			b.Write(part[:min(room, len(part))])
		}
		if err != nil || !more {
			return b.String(), err
		}
	}
}

func nodeLine(line string) []byte {
	return encode(logLine{Level: "error", Source: "parse", Msg: line})
}

// postgresLine turns `LEVEL:  text` into a log line. Probes while it starts are refused with a FATAL each: no news.
func postgresLine(line string) []byte {
	level, msg, found := strings.Cut(line, ":  ")
	if !found || strings.ToUpper(level) != level {
		return encode(logLine{Level: "info", Source: "postgres", Msg: line})
	}
	if strings.HasPrefix(msg, "the database system is ") {
		return nil
	}
	levels := map[string]string{"LOG": "info", "WARNING": "warn", "ERROR": "error", "FATAL": "error", "PANIC": "fatal"}
	if l, ok := levels[level]; ok {
		return encode(logLine{Level: l, Source: "postgres", Msg: msg})
	}
	return encode(logLine{Level: "info", Source: "postgres", Msg: line})
}
