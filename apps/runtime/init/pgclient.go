package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// pgQuery asks PostgreSQL for one value, as its superuser: pg_hba lets PID 1's user in by its peer credentials. Enough of the
// protocol for that, so that no client library is needed. An empty query only proves that the server takes connections.
func pgQuery(socket, query string, limit time.Duration) (string, error) {
	conn, err := net.DialTimeout("unix", socket, limit)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(limit))
	startup := []byte("user\x00" + pgRole + "\x00database\x00" + pgDatabase + "\x00application_name\x00init\x00\x00")
	head := make([]byte, 8)
	binary.BigEndian.PutUint32(head, uint32(len(startup)+8))
	binary.BigEndian.PutUint32(head[4:], 3<<16) // protocol 3.0
	if _, err := conn.Write(append(head, startup...)); err != nil {
		return "", err
	}
	r := bufio.NewReader(conn)
	if _, err := untilReady(r); err != nil || query == "" {
		return "", err
	}
	if _, err := conn.Write(message('Q', query+"\x00")); err != nil {
		return "", err
	}
	value, err := untilReady(r)
	conn.Write(message('X', ""))
	return value, err
}

// untilReady reads messages up to ReadyForQuery and gives the first column of the last row.
func untilReady(r *bufio.Reader) (string, error) {
	var value string
	var failure error
	for {
		kind, err := r.ReadByte()
		if err != nil {
			if failure != nil {
				return "", failure
			}
			return "", err
		}
		var size uint32
		if err := binary.Read(r, binary.BigEndian, &size); err != nil {
			return "", err
		}
		if size < 4 || size > 1<<20 {
			return "", errors.New("not the PostgreSQL protocol")
		}
		body := make([]byte, size-4)
		if _, err := io.ReadFull(r, body); err != nil {
			return "", err
		}
		switch kind {
		case 'R':
			if len(body) < 4 || binary.BigEndian.Uint32(body) != 0 {
				return "", errors.New("PostgreSQL wants a password of PID 1")
			}
		case 'E':
			failure = fmt.Errorf("PostgreSQL: %s", errorText(body))
		case 'D':
			value = firstColumn(body)
		case 'Z':
			return value, failure
		}
	}
}

func message(kind byte, body string) []byte {
	m := make([]byte, 5, 5+len(body))
	m[0] = kind
	binary.BigEndian.PutUint32(m[1:], uint32(len(body)+4))
	return append(m, body...)
}

func firstColumn(row []byte) string {
	if len(row) < 6 {
		return ""
	}
	size := int32(binary.BigEndian.Uint32(row[2:]))
	if size < 0 || int(size) > len(row)-6 {
		return ""
	}
	return string(row[6 : 6+size])
}

// errorText takes the field M out of an ErrorResponse.
func errorText(body []byte) string {
	for len(body) > 1 {
		end := 1
		for end < len(body) && body[end] != 0 {
			end++
		}
		if body[0] == 'M' {
			return string(body[1:end])
		}
		body = body[min(end+1, len(body)):]
	}
	return "unknown error"
}
