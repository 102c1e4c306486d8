/** Signals that may stop a container, sorted as error texts list them. */
const basic = (
  'SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL ' +
  'SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 ' +
  'SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIGRTMIN SIGRTMAX'
).split(' ');
const realTime = Array.from({ length: 15 }, (_, index) => `SIGRTMIN+${index + 1}`);
const fromMost = Array.from({ length: 14 }, (_, index) => `SIGRTMAX-${index + 1}`);

export const stopSignals: readonly string[] = [...basic, ...realTime, ...fromMost].sort();
export const windowsStopSignals: readonly string[] = ['SIGKILL', 'SIGTERM'];
