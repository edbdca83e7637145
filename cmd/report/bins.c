/* SPDX-License-Identifier: Apache-2.0 */
/* bins.c: what the charts of a page show, in a bounded number of stretches of time. */
#include "report.h"

/* Halves the resolution: two stretches become one. */
static void bins_widen(struct bins *b)
{
	for (size_t i = 0; i < BINS; i++) {
		struct bin *to = &b->at[i];
		static const struct bin empty;
		const struct bin first = i < BINS / 2 ? b->at[2 * i] : empty,
				 second = i < BINS / 2 ? b->at[2 * i + 1] : empty;

		for (size_t s = 0; s <= KMETA_ERROR; s++)
			to->events[s] = first.events[s] + second.events[s];
		to->leaderless =
			first.leaderless > second.leaderless ? first.leaderless : second.leaderless;
		to->under_replicated = first.under_replicated > second.under_replicated
		                               ? first.under_replicated
		                               : second.under_replicated;
		to->is_set = first.is_set || second.is_set;
	}
	b->width *= 2;
}

void bins_add(struct bins *b, const struct kmeta_story_event *e)
{
	struct bin *bin;

	if (!b->width) {
		b->start = e->first_time;
		b->width = 1;
	}
	/* A clock may have gone back. */
	if (e->first_time < b->start)
		return;
	while ((e->first_time - b->start) / b->width >= BINS)
		bins_widen(b);
	bin = &b->at[(e->first_time - b->start) / b->width];
	bin->events[e->severity]++;
	bin->is_set = true;
	if (e->leaderless > bin->leaderless)
		bin->leaderless = e->leaderless;
	if (e->under_replicated > bin->under_replicated)
		bin->under_replicated = e->under_replicated;
}

static struct lane *lane_of(struct lanes *lanes, int32_t node)
{
	for (size_t i = 0; i < lanes->count; i++)
		if (lanes->at[i].node == node)
			return &lanes->at[i];
	if (lanes->count == LANES)
		return NULL;
	lanes->at[lanes->count] = (struct lane){ .node = node };
	return &lanes->at[lanes->count++];
}

static void step_to(struct lanes *lanes, int32_t node, int64_t time, enum lane_state state)
{
	struct lane *lane = lane_of(lanes, node);

	if (!lane || lane->count == LANE_STEPS) {
		lanes->left_out++;
		return;
	}
	lane->at[lane->count].time = time;
	lane->at[lane->count].state = state;
	lane->count++;
}

void lanes_add(struct lanes *brokers, struct lanes *controllers, const struct kmeta_story_event *e)
{
	switch (e->cause) {
	case KMETA_CAUSE_BROKER_UNFENCED:
		step_to(brokers, e->broker, e->first_time, LANE_IN_SERVICE);
		break;
	case KMETA_CAUSE_BROKER_SHUTTING_DOWN:
		step_to(brokers, e->broker, e->first_time, LANE_STOPPING);
		break;
	case KMETA_CAUSE_BROKER_FENCED:
	case KMETA_CAUSE_BROKER_STOPPED:
	case KMETA_CAUSE_BROKER_REGISTERED:
	case KMETA_CAUSE_BROKER_RESTARTED:
		step_to(brokers, e->broker, e->first_time, LANE_FENCED);
		break;
	case KMETA_CAUSE_BROKER_UNREGISTERED:
		step_to(brokers, e->broker, e->first_time, LANE_GONE);
		break;
	case KMETA_CAUSE_CONTROLLER_ELECTED:
		for (size_t i = 0; i < controllers->count; i++)
			if (controllers->at[i].node != e->broker && controllers->at[i].count)
				step_to(controllers, controllers->at[i].node, e->first_time,
				        LANE_GONE);
		step_to(controllers, e->broker, e->first_time, LANE_IN_SERVICE);
		break;
	default:
		break;
	}
}
