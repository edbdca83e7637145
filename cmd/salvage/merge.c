/* SPDX-License-Identifier: Apache-2.0 */
/* merge.c: which input has the next batch, and which of several branches goes on. */
#include "salvage.h"

/* As Raft decides who may lead: the higher last epoch, then the longer log. */
static bool is_better(const struct input *a, const struct input *b)
{
	if (a->last_epoch != b->last_epoch)
		return a->last_epoch > b->last_epoch;
	return a->end != b->end ? a->end > b->end : a->number < b->number;
}

static bool is_same(const struct piece *a, const struct piece *b)
{
	return a->base == b->base && a->last == b->last && a->size == b->size && a->crc == b->crc &&
	       a->epoch == b->epoch;
}

static bool takes_part(const struct input *in)
{
	return in->has_head && !in->is_dropped;
}

static void drop_branch(struct salvage *s, struct input *loser, const struct input *winner)
{
	report_branch(s, loser, winner);
	loser->is_dropped = true;
	s->is_lost = true;
}

enum kmeta_status merge_advance(struct salvage *s, struct input *in, struct kmeta_finding *why)
{
	const int64_t before = in->has_head ? in->head.size : 0;

	s->bytes_done += before;
	common_progress(&s->common, s->bytes_done, s->bytes_total);
	return input_advance(in, why);
}

/* Passes over what the log has already. A batch that begins before the offset and ends behind it is
 * of another branch. */
static enum kmeta_status pass_to(struct salvage *s, int64_t offset, struct kmeta_finding *why)
{
	for (size_t i = 0; i < s->inputs_count; i++) {
		struct input *in = &s->inputs[i];

		while (takes_part(in) && in->head.last < offset)
			if (merge_advance(s, in, why) != KMETA_OK)
				return KMETA_FAILED;
		if (takes_part(in) && in->head.base < offset)
			drop_branch(s, in, NULL);
	}
	return KMETA_OK;
}

/* The best input that has more; NULL: none. */
static struct input *best_input(struct salvage *s, int64_t offset, bool only_here)
{
	struct input *best = NULL;

	for (size_t i = 0; i < s->inputs_count; i++) {
		struct input *in = &s->inputs[i];

		if (takes_part(in) && (!only_here || in->head.base == offset) &&
		    (!best || is_better(in, best)))
			best = in;
	}
	return best;
}

/* Of inputs that agree, the first one has it, so that the stretches are long. */
static struct input *settle_branches(struct salvage *s, int64_t offset, struct input *winner)
{
	struct input *first = NULL;

	for (size_t i = 0; i < s->inputs_count; i++) {
		struct input *in = &s->inputs[i];

		if (!takes_part(in) || in->head.base != offset)
			continue;
		if (!is_same(&in->head, &winner->head))
			drop_branch(s, in, winner);
		else if (!first)
			first = in;
	}
	return first;
}

enum kmeta_status merge_next(struct salvage *s, int64_t offset, struct input **chosen,
                             int64_t *behind, struct kmeta_finding *why)
{
	for (;;) {
		struct input *here, *best;

		if (pass_to(s, offset, why) != KMETA_OK)
			return KMETA_FAILED;
		here = best_input(s, offset, true);
		best = best_input(s, offset, false);
		*behind = -1;
		for (size_t i = 0; i < s->inputs_count; i++)
			if (takes_part(&s->inputs[i]) &&
			    (*behind < 0 || s->inputs[i].head.base < *behind))
				*behind = s->inputs[i].head.base;
		if (!here)
			return KMETA_END;
		/* In a hole of the best input others may not go where it never was: epochs never
		 * fall, and its next batch has its place. */
		if (best != here && best->head.base > offset &&
		    (here->head.epoch > best->head.epoch || here->head.last >= best->head.base)) {
			drop_branch(s, here, best);
			continue;
		}
		*chosen = settle_branches(s, offset, here);
		return KMETA_OK;
	}
}
