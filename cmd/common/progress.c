/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c: a line on standard error that says how far long work has come. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CALLS_A_LOOK = 16, FIRST_AFTER = 1000, AGAIN_AFTER = 200, BAR_WIDTH = 24 };

int64_t common_steady(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, bool wanted, const bool *held)
{
	p->wanted = wanted;
	p->held = held;
	p->started = common_steady();
}

static void progress_draw(struct progress *p, int64_t done, int64_t total, int64_t elapsed)
{
	char bar[BAR_WIDTH + 1];
	const int filled = total > 0 && done < total ? (int)(done * BAR_WIDTH / total) : BAR_WIDTH;

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)filled);
	bar[BAR_WIDTH] = '\0';
	if (total > 0 && done > 0)
		fprintf(stderr, "\r%s: [%s] %3d %% of %lld MiB, %lld s left\x1b[K", p->command, bar,
		        (int)(done < total ? done * 100 / total : 100), (long long)total >> 20,
		        (long long)(done < total ? elapsed * (total - done) / done / 1000 : 0));
	else
		fprintf(stderr, "\r%s: %lld MiB\x1b[K", p->command, (long long)done >> 20);
	p->visible = true;
}

void progress_show(struct progress *p, int64_t done, int64_t total)
{
	int64_t now;

	if (!p->wanted || *p->held || ++p->calls % CALLS_A_LOOK)
		return;
	now = common_steady();
	if (now - p->started < FIRST_AFTER || now - p->shown < AGAIN_AFTER)
		return;
	p->shown = now;
	progress_draw(p, done, total, now - p->started);
}

void progress_step(struct progress *p, const struct kmeta_source *source)
{
	int64_t done, total;

	if (!p->wanted)
		return;
	kmeta_source_progress(source, &done, &total);
	progress_show(p, done, total);
}

void progress_hide(struct progress *p)
{
	if (p->visible)
		fputs("\r\x1b[K", stderr);
	p->visible = false;
}
