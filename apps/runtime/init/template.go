package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// runPostgres is the child that becomes PostgreSQL. It runs as user postgres already: PID 1 may not even look into the data folder.
func runPostgres() error {
	if _, err := os.Stat(filepath.Join(pgData, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		if err := installTemplate(pgTemplate, pgData); err != nil {
			return fmt.Errorf("copy the template: %w", err)
		}
		if err := syncInBackground(); err != nil {
			return err
		}
	}
	// a file of a run that was killed; PID 1 has seen to it that no process of that run is left
	if err := os.Remove(filepath.Join(pgData, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return syscall.Exec(pgBinary, []string{pgBinary, "-D", pgData}, os.Environ())
}

// installTemplate copies the baked data directory. It appears under its name complete or not at all.
func installTemplate(from, to string) error {
	temp := to + ".new"
	if err := os.RemoveAll(temp); err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := copyTree(from, temp); err != nil {
		return err
	}
	return os.Rename(temp, to)
}

func copyTree(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	for _, e := range entries {
		a, b := filepath.Join(from, e.Name()), filepath.Join(to, e.Name())
		if e.IsDir() {
			err = copyTree(a, b)
		} else {
			err = copyFile(a, b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyFile leaves the copying to the kernel (copy_file_range through io.Copy).
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if info, err := in.Stat(); err == nil && info.Size() > 0 {
		if _, err = io.Copy(out, in); err != nil {
			out.Close()
			return err
		}
	}
	return out.Close()
}

// syncInBackground puts the copy on the disk beside PostgreSQL's start: waiting for it would cost more than all of the boot.
func syncInBackground() error {
	_, err := syscall.ForkExec("/proc/self/exe", []string{"berth-init", "sync", pgFolder}, &syscall.ProcAttr{
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Setpgid: true},
	})
	return err
}

func syncFileSystem(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, _, errno := syscall.Syscall(sysSyncfs, f.Fd(), 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// folderBytes adds up the allocated size of what is below a folder; a missing one is empty.
func folderBytes(folder string) (int64, error) {
	var sum int64
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	err := filepath.WalkDir(folder, func(_ string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return ignoreMissing(err)
		}
		info, err := e.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		sum += info.Size()
		return nil
	})
	return sum, err
}

// ignoreMissing: files go away while one looks.
func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
