package demo

import "syscall"

// tied has a process killed when the thread ends that has begun it, as it does with its process.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
