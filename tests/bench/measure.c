/* SPDX-License-Identifier: Apache-2.0 */
/*
 * measure.c: runs a command several times, its output thrown away, and prints the shortest wall
 * time in seconds and the largest resident memory in KiB.
 *
 * usage: measure RUNS CPU COMMAND [ARGUMENT...]      (CPU: the one to run on, -1 for any)
 *
 * Small on purpose: what the system counts for a process includes what its parent was before exec,
 * so that a script would measure its own interpreter. Fails if a run of the command does.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* In the child: becomes the command. */
static _Noreturn void become(int cpu, char **command)
{
	const int nowhere = open("/dev/null", O_RDWR);
	cpu_set_t set;

	CPU_ZERO(&set);
	if (cpu >= 0)
		CPU_SET((size_t)cpu, &set);
	if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 &&
	    (cpu < 0 || sched_setaffinity(0, sizeof(set), &set) == 0))
		execvp(command[0], command);
	fprintf(stderr, "measure: %s: %s\n", command[0], strerror(errno));
	_exit(127);
}

int main(int argc, char **argv)
{
	const int runs = argc > 3 ? atoi(argv[1]) : 0;
	double best = 0;
	long memory = 0;

	if (runs < 1) {
		fprintf(stderr, "usage: measure RUNS CPU COMMAND [ARGUMENT...]\n");
		return 2;
	}
	for (int i = 0; i < runs; i++) {
		const double begin = seconds_now();
		const pid_t child = fork();
		struct rusage usage;
		double seconds;
		int status;

		if (child == 0)
			become(atoi(argv[2]), argv + 3);
		if (child < 0 || wait4(child, &status, 0, &usage) != child) {
			fprintf(stderr, "measure: %s\n", strerror(errno));
			return 2;
		}
		if (status != 0) {
			fprintf(stderr, "measure: %s failed\n", argv[3]);
			return 1;
		}
		seconds = seconds_now() - begin;
		best = i == 0 || seconds < best ? seconds : best;
		memory = usage.ru_maxrss > memory ? usage.ru_maxrss : memory;
	}
	printf("%.6f %ld\n", best, memory);
	return 0;
}
