/* SPDX-License-Identifier: Apache-2.0 */
/* check_nodes.c: compares the directories of several nodes with each other. */
#include "check/check_nodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "check/nodes.h"
#include "kmeta/check.h"
#include "kmeta/state.h"

enum { NAMED = 10 }; /* entities that are named; the others are counted */

/* The batches at which two logs part, for each difference that was reported. */
struct differences {
	struct kmeta_batch (*at)[2];
	size_t count;
};

struct comparing {
	struct node *nodes;
	size_t count;
	const char *dialect;
	nodes_tell *tell;
	void *context;
	struct differences known;
	bool failed;
	struct kmeta_finding *why; /* of the first failure */
};

#define TELL(c, address, code, ...)                             \
	do {                                                    \
		struct findings told = { .limit = 1 };          \
                                                                \
		findings_add(&told, KMETA_##code, __VA_ARGS__); \
		(c)->tell((c)->context, (address), &told);      \
		findings_release(&told);                        \
	} while (0)

static void fail_nodes(struct comparing *c, const char *address, const struct kmeta_finding *why)
{
	if (!c->failed) {
		*c->why = *why;
		finding_detach(c->why, address);
		c->why->file = address;
	}
	c->failed = true;
}

static void tell_not_compared(struct comparing *c, const char *address, const char *other,
                              const char *cause)
{
	TELL(c, address, NOT_CHECKED, address, -1, -1, "not compared with %s: %s", other, cause);
}

/* ---- who they are ---- */

/* The cluster.id that most nodes have; of as many, the first. NULL: no node has one. */
static const char *common_cluster(const struct comparing *c)
{
	const char *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < c->count; i++) {
		const char *id = c->nodes[i].identity.says.cluster_id;
		size_t same = 0;

		for (size_t j = 0; j < c->count; j++)
			same += !strcmp(c->nodes[j].identity.says.cluster_id, id);
		if (id[0] && same > most) {
			best = id;
			most = same;
		}
	}
	return best;
}

static void compare_clusters(struct comparing *c)
{
	const char *common = common_cluster(c);

	for (size_t i = 0; i < c->count; i++) {
		const struct identity *identity = &c->nodes[i].identity;

		if (identity->says.cluster_id[0] && strcmp(identity->says.cluster_id, common) != 0)
			TELL(c, c->nodes[i].address, OTHER_CLUSTER, identity->path, -1, -1,
			     "cluster.id is %s, but the other nodes have %s",
			     identity->says.cluster_id, common);
	}
}

/* Copies of one directory have all ids in common. */
static void compare_identities(struct comparing *c, const struct node *a, const struct node *b)
{
	const struct identity *x = &a->identity, *y = &b->identity;

	if (!x->says.node_id[0] || strcmp(x->says.node_id, y->says.node_id) != 0 ||
	    !strcmp(x->path, y->path))
		return;
	if (x->says.directory_id[0] && !strcmp(x->says.directory_id, y->says.directory_id))
		TELL(c, b->address, SAME_DIRECTORY, y->path, -1, -1,
		     "node.id and directory.id are those of %s: one is a copy of the other",
		     x->path);
	else
		TELL(c, b->address, SAME_NODE, y->path, -1, -1,
		     "node.id is %s, as in %s: two nodes of one cluster cannot have the same",
		     y->says.node_id, x->path);
}

/* ---- their logs ---- */

/* True if the batches of "a" and "b" are those of an earlier difference between other nodes. */
static bool is_known(const struct differences *known, const struct kmeta_logs *logs)
{
	for (size_t i = 0; i < known->count; i++) {
		const struct kmeta_batch *pair = known->at[i];

		if ((nodes_same_batch(&pair[0], &logs->first) &&
		     nodes_same_batch(&pair[1], &logs->second)) ||
		    (nodes_same_batch(&pair[0], &logs->second) &&
		     nodes_same_batch(&pair[1], &logs->first)))
			return true;
	}
	return false;
}

static void tell_difference(struct comparing *c, const char *second, const struct kmeta_logs *logs)
{
	char common[80] = "nothing in common";

	if (logs->last_common >= 0)
		snprintf(common, sizeof(common), "in common up to offset %lld, epoch %d",
		         (long long)logs->last_common, logs->last_epoch);
	TELL(c, second, NODES_DIFFER, logs->second_file, logs->second.position,
	     logs->second.base_offset, "differs from %s byte %lld; %s", logs->first_file,
	     (long long)logs->first.position, common);
}

/* Reports a difference once, however many nodes are on either side of it. */
static void compare_logs(struct comparing *c, struct node *a, struct node *b)
{
	const struct kmeta_point points[2] = { a->until, b->until };
	struct kmeta_logs logs;
	struct kmeta_finding why;

	if (kmeta_compare_logs(a->address, b->address, points, &logs, &why) != KMETA_OK) {
		tell_not_compared(c, b->address, a->address, why.message);
		fail_nodes(c, b->address, &why);
		return;
	}
	a->end = logs.first_end;
	b->end = logs.second_end;
	a->is_apart |= logs.differ;
	b->is_apart |= logs.differ;
	if (logs.differ && !is_known(&c->known, &logs)) {
		c->known.at[c->known.count][0] = logs.first;
		c->known.at[c->known.count++][1] = logs.second;
		tell_difference(c, b->address, &logs);
	} else if (!logs.differ && logs.last_common < 0) {
		tell_not_compared(c, b->address, a->address, "they have no offset in common");
	}
}

/* ---- their states ---- */

static bool has_state(const struct node *node)
{
	return !node->obstacle && !node->is_apart && node->end > 0;
}

/* The last offset up to which all nodes have a log. */
static int64_t common_end(const struct comparing *c)
{
	int64_t end = INT64_MAX;

	for (size_t i = 0; i < c->count; i++)
		if (has_state(&c->nodes[i]) && c->nodes[i].end < end)
			end = c->nodes[i].end;
	return end;
}

/* What differs between the states of two nodes. */
struct states {
	struct comparing *c;
	const struct node *first, *second;
	int64_t end, differences;
	struct kmeta_buffer path;
};

static bool see_state_difference(void *context, const struct kmeta_change *change)
{
	struct states *s = context;
	const struct kmeta_entity *entity = change->before ? change->before : change->after;

	if (s->differences++ >= NAMED)
		return true;
	s->path.size = 0;
	kmeta_entity_path(&s->path, entity, 0);
	TELL(s->c, s->second->address, STATES_DIFFER, s->second->address, -1, s->end,
	     "%.*s%s: %s %s", (int)(s->path.size < 160 ? s->path.size : 160), s->path.at,
	     s->path.size < 160 ? "" : "...",
	     !change->after    ? "not here, but at"
	     : !change->before ? "here, but not at"
	                       : "not the same as at",
	     s->first->address);
	return !s->path.failed;
}

/* The state at an offset as the node itself would load it: by its newest checkpoint. */
static enum kmeta_status load_node(const struct comparing *c, const struct node *node, int64_t end,
                                   struct kmeta_image **image, struct kmeta_finding *why)
{
	const struct kmeta_point point = { .kind = KMETA_POINT_OFFSET, .value = end };
	const struct kmeta_load_options options = { .size = sizeof(options),
		                                    .dialect = c->dialect };

	return kmeta_image_load(image, node->address, point, &options, why);
}

static void compare_states(struct states *s, const struct kmeta_image *first)
{
	struct kmeta_image *second = NULL;
	struct kmeta_finding why;
	enum kmeta_status status = load_node(s->c, s->second, s->end, &second, &why);

	if (status == KMETA_OK)
		status = kmeta_diff(first, second, see_state_difference, s, &why);
	if (status != KMETA_OK)
		tell_not_compared(s->c, s->second->address, s->first->address, why.message);
	else if (s->differences)
		TELL(s->c, s->second->address, STATES_DIFFER, s->second->address, -1, s->end,
		     "%lld %s, shown by: kmeta-diff %s@%lld %s@%lld", (long long)s->differences,
		     s->differences == 1 ? "entity differs" : "entities differ", s->first->address,
		     (long long)s->end, s->second->address, (long long)s->end);
	kmeta_image_free(second);
}

/* Nodes with the same log can have other states: by their checkpoints. */
static void compare_all_states(struct comparing *c)
{
	const int64_t end = common_end(c);
	const struct node *first = NULL;
	struct kmeta_image *image = NULL;
	struct kmeta_finding why;

	for (size_t i = 0; i < c->count; i++) {
		struct states s = { .c = c, .first = first, .second = &c->nodes[i], .end = end };

		if (!has_state(s.second))
			continue;
		if (image) {
			compare_states(&s, image);
		} else if (load_node(c, s.second, end, &image, &why) == KMETA_OK) {
			first = s.second;
		} else {
			tell_not_compared(c, s.second->address, "the others' states", why.message);
			image = NULL;
		}
		kmeta_buffer_release(&s.path);
	}
	kmeta_image_free(image);
}

/* ---- all of it ---- */

static int by_address(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->address, y->address);
}

enum kmeta_status check_nodes(struct node *nodes, size_t count, const char *dialect,
                              nodes_tell *tell, void *context, struct kmeta_finding *why)
{
	struct comparing c = { .nodes = nodes,
		               .count = count,
		               .dialect = dialect,
		               .tell = tell,
		               .context = context,
		               .known.at = calloc(count * count + 1, sizeof(*c.known.at)),
		               .why = why };

	if (!c.known.at)
		return finding_memory(why);
	qsort(nodes, count, sizeof(*nodes), by_address);
	for (size_t i = 0; count > 1 && i < count; i++) {
		nodes[i].end = -1;
		if (nodes[i].obstacle)
			tell_not_compared(&c, nodes[i].address, "the others", nodes[i].obstacle);
		for (size_t j = 0; j < i; j++) {
			compare_identities(&c, &nodes[j], &nodes[i]);
			if (!nodes[i].obstacle && !nodes[j].obstacle)
				compare_logs(&c, &nodes[j], &nodes[i]);
		}
	}
	if (count > 1) {
		compare_clusters(&c);
		compare_all_states(&c);
	}
	free(c.known.at);
	return c.failed ? KMETA_FAILED : KMETA_OK;
}
