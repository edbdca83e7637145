/* SPDX-License-Identifier: Apache-2.0 */
/* jobs.c: how many threads to work with. */
#include <sched.h>

#include "command.h"

unsigned common_jobs(unsigned asked)
{
	cpu_set_t ours;
	unsigned count = 1;

	if (asked)
		return asked;
	if (sched_getaffinity(0, sizeof(ours), &ours) == 0)
		count = (unsigned)CPU_COUNT(&ours);
	return count > JOBS_LIMIT ? JOBS_LIMIT : count;
}
