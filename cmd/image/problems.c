/* SPDX-License-Identifier: Apache-2.0 */
/* problems.c: kmeta-image --problems: what is wrong with a state, worst first. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image.h"

/* Problems of one kind that are printed unless --limit says another number. */
enum { SHOWN = 20 };

static void put_colored(struct image *i, const char *color, const char *text)
{
	const bool colored = i->common.flags & KMETA_SHOW_COLOR;

	kmeta_buffer_format(&i->common.out.buffer, "%s%s%s", colored ? color : "", text,
	                    colored ? "\x1b[0m" : "");
}

static void put_severity(struct image *i, enum kmeta_severity severity)
{
	static const char *const colors[] = { "\x1b[2m", "\x1b[33m", "\x1b[31m" };

	put_colored(i, colors[severity], kmeta_severity_name(severity));
}

/* ---- text ---- */

/* What stands below the problems of one kind: the command for the first of them. */
static void end_group(struct image *i)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	if (i->group < 0)
		return;
	if (i->counts.of[i->group] > i->shown)
		kmeta_buffer_format(out, "  ... %zu more; --limit=N prints N of each kind\n",
		                    i->counts.of[i->group] - i->shown);
	kmeta_buffer_format(out, "  next: %s\n", i->next.at ? i->next.at : "");
	i->group = -1;
}

static void begin_group(struct image *i, const struct kmeta_problem *problem)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	kmeta_buffer_format(out, "\n");
	put_severity(i, kmeta_problem_severity(problem->code));
	kmeta_buffer_format(out, " ");
	put_colored(i, "\x1b[1m", kmeta_problem_name(problem->code));
	kmeta_buffer_format(out, ": %s\n", kmeta_problem_meaning(problem->code));
	i->next.size = 0;
	kmeta_buffer_add(&i->next, problem->command, strlen(problem->command) + 1);
	i->group = (int)problem->code;
	i->shown = 0;
}

static void put_since(struct image *i, const struct kmeta_problem *problem)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	if (problem->since_offset < 0)
		return;
	kmeta_buffer_format(out, "  since %s%lld", problem->since_before ? "before @" : "offset ",
	                    (long long)problem->since_offset);
	if (problem->since_time >= 0) {
		kmeta_buffer_format(out, ", ");
		kmeta_print_time(out, problem->since_time, i->common.flags);
	}
}

static void put_text(struct image *i, const struct kmeta_problem *problem)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	if (i->group != (int)problem->code) {
		end_group(i);
		begin_group(i, problem);
	}
	kmeta_buffer_format(out, "  ");
	put_colored(i, "\x1b[1m", problem->path[0] ? problem->path : "cluster");
	kmeta_buffer_format(out, "  %s", problem->message);
	put_since(i, problem);
	kmeta_buffer_format(out, "\n");
	i->shown++;
}

/* "2 errors, 1 warning, 0 notes" */
static void put_counts(struct image *i, const size_t of[])
{
	struct kmeta_buffer *out = &i->common.out.buffer;
	const bool any = of[KMETA_ERROR] || of[KMETA_WARNING] || of[KMETA_NOTE];

	kmeta_buffer_format(out, "%s", any ? "\n" : "no problems: ");
	output_count(out, (int64_t)of[KMETA_ERROR], "error", "errors");
	kmeta_buffer_format(out, ", ");
	output_count(out, (int64_t)of[KMETA_WARNING], "warning", "warnings");
	kmeta_buffer_format(out, ", ");
	output_count(out, (int64_t)of[KMETA_NOTE], "note", "notes");
	kmeta_buffer_format(out, "\n");
}

static void put_moment(struct image *i)
{
	const struct kmeta_moment moment = kmeta_image_moment(i->state);
	struct kmeta_buffer *out = &i->common.out.buffer;
	const int64_t partial_from = kmeta_image_partial_from(i->state);

	kmeta_buffer_format(out, "state @%lld", (long long)moment.end_offset);
	if (moment.timestamp >= 0) {
		kmeta_buffer_format(out, ", ");
		kmeta_print_time(out, moment.timestamp, i->common.flags);
	}
	if (partial_from >= 0)
		kmeta_buffer_format(out, ", known in part, from @%lld on", (long long)partial_from);
	kmeta_buffer_format(out, "\n");
}

/* ---- JSON ---- */

static void put_json_number(struct kmeta_buffer *out, const char *key, int64_t number)
{
	if (number >= 0)
		kmeta_buffer_format(out, ",\"%s\":%lld", key, (long long)number);
}

static void put_problem_json(struct image *i, const struct kmeta_problem *problem)
{
	struct kmeta_buffer *out = &i->common.out.buffer;

	kmeta_buffer_format(out, "{\"severity\":\"%s\",\"code\":\"%s\",\"entity\":",
	                    kmeta_severity_name(kmeta_problem_severity(problem->code)),
	                    kmeta_problem_name(problem->code));
	if (problem->path[0])
		kmeta_string_json(out, problem->path);
	else
		kmeta_buffer_format(out, "null");
	put_json_number(out, problem->since_before ? "sinceBefore" : "since",
	                problem->since_offset);
	put_json_number(out, "sinceTimestamp", problem->since_time);
	kmeta_buffer_format(out, ",\"message\":");
	kmeta_string_json(out, problem->message);
	kmeta_buffer_format(out, ",\"next\":");
	kmeta_string_json(out, problem->command);
	kmeta_buffer_format(out, "}\n");
}

static void put_json_summary(struct image *i, const size_t of[])
{
	struct kmeta_buffer *out = &i->common.out.buffer;
	const struct kmeta_moment moment = kmeta_image_moment(i->state);

	kmeta_buffer_format(out,
	                    "{\"summary\":{\"endOffset\":%lld,\"timestamp\":%lld,\"errors\":%zu,"
	                    "\"warnings\":%zu,\"notes\":%zu,\"problems\":{",
	                    (long long)moment.end_offset, (long long)moment.timestamp,
	                    of[KMETA_ERROR], of[KMETA_WARNING], of[KMETA_NOTE]);
	for (int code = 0, n = 0; code < KMETA_PROBLEM_CODES; code++)
		if (i->counts.of[code])
			kmeta_buffer_format(out, "%s\"%s\":%zu", n++ ? "," : "",
			                    kmeta_problem_name((enum kmeta_problem_code)code),
			                    i->counts.of[code]);
	kmeta_buffer_format(out, "}}}\n");
}

/* ---- both ---- */

static bool is_bad_enough(const struct image *i, enum kmeta_problem_code code)
{
	return kmeta_problem_severity(code) >= i->severity;
}

static bool put_problem(void *context, const struct kmeta_problem *problem)
{
	struct image *i = context;

	if (!is_bad_enough(i, problem->code))
		return true;
	if (i->format == IMAGE_JSON)
		put_problem_json(i, problem);
	else
		put_text(i, problem);
	return output_drain(&i->common.out);
}

static void sum_severities(const struct image *i, size_t of[KMETA_ERROR + 1])
{
	for (int code = 0; code < KMETA_PROBLEM_CODES; code++)
		of[kmeta_problem_severity((enum kmeta_problem_code)code)] += i->counts.of[code];
}

/* A single file has no checkpoints beside it, or only by chance. */
static bool is_directory(const char *address)
{
	struct kmeta_point point;
	struct kmeta_finding ignored; /* the state was loaded from it */
	struct stat st;
	char *path = NULL;
	const bool is =
		kmeta_address_parse(address, common_now(), &path, &point, &ignored) == KMETA_OK &&
		stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return is;
}

enum kmeta_status image_print_problems(struct image *i, struct kmeta_finding *why)
{
	const bool json = i->format == IMAGE_JSON;
	const struct kmeta_problem_options options = {
		.size = sizeof(options),
		.most = i->limit > 0 ? (size_t)i->limit
		        : json       ? 0
		                     : SHOWN,
		.address = i->common.address,
		.checkpoints = is_directory(i->common.address) && !i->load.from_log,
		.seen = i->limit ? put_problem : NULL,
		.context = i,
	};
	size_t of[KMETA_ERROR + 1] = { 0 };
	enum kmeta_status status;

	i->group = -1;
	if (!json)
		put_moment(i);
	status = kmeta_problems(i->state, &options, &i->counts, why);
	if (status != KMETA_OK)
		return status;
	end_group(i);
	sum_severities(i, of);
	if (json)
		put_json_summary(i, of);
	else
		put_counts(i, of);
	for (int severity = (int)i->severity; severity <= KMETA_ERROR; severity++)
		i->common.different |= i->strict && of[severity];
	return KMETA_OK;
}
