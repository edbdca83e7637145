/* SPDX-License-Identifier: Apache-2.0 */
/* stop.c: signals end the work, not the process, so that all is on the disk. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "fetch.h"

/* A handler has no parameter for it. */
static int stop_pipe[2] = { -1, -1 };

static void tell_to_stop(int signal_number)
{
	const int saved = errno;

	(void)signal_number;
	if (write(stop_pipe[1], "", 1) < 0) {
		/* It is full: it was told. */
	}
	errno = saved;
}

int stop_on_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	/* The second one of its kind ends the process. */
	struct sigaction action = { .sa_handler = tell_to_stop, .sa_flags = (int)SA_RESETHAND },
			 old;

	if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		/* Under nohup it goes on; but a script's background is told by SIGINT, too. */
		if (signals[i] != SIGHUP ||
		    (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN))
			sigaction(signals[i], &action, NULL);
	return stop_pipe[0];
}
