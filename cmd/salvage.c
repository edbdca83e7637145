/* SPDX-License-Identifier: Apache-2.0 */
/* salvage.c: kmeta-salvage puts one whole log together from damaged ones. */
#include "salvage/salvage.h"

#include <stdlib.h>
#include <string.h>

#include "common/properties.h"
#include "common/reread.h"

/* ---- options ---- */

static const struct option_word salvage_formats[] = {
	[SALVAGE_TEXT] = { "text", "for people, the default" },
	[SALVAGE_JSON] = { "json", "a line a stretch or loss, and a summary" },
	{ "", NULL }
};

static const struct command_option salvage_options[] = {
	{ .name = "out",
	  .argument = "DIR",
	  .help = "the new directory",
	  .manual = "The new log directory. Nothing may be there yet. Must be given.",
	  TO_TEXT(struct salvage, out),
	  .value = "new directory" },
	{ .name = "past-holes",
	  .help = "make a checkpoint of all that is sound, over holes",
	  .manual = "Replay what lies behind a hole as well, and write a checkpoint at the end "
	            "offset in place of the log, which Kafka takes with no hole. "
	            "See [HOLES].",
	  TO_FLAG(struct salvage, past_holes) },
	{ .letter = 'o',
	  .name = "output",
	  .argument = "FORMAT",
	  .group = GROUP_OUTPUT,
	  .help = "the format of the report",
	  .manual = "The format of the report: {words}. See [REPORT].",
	  TO_WORD(struct salvage, format),
	  .words = salvage_formats,
	  .value = "format" },
	{ .letter = 'n',
	  .name = "dry-run",
	  .group = GROUP_OUTPUT,
	  .help = "say what would be written, and write nothing",
	  .manual = "Say what would be written, and write nothing.",
	  TO_FLAG(struct salvage, dry_run) },
	{ .name = "no-verify",
	  .group = GROUP_OUTPUT,
	  .help = "do not read back what was written",
	  .manual = "Do not read back and verify what was written.",
	  TO_FLAG(struct salvage, no_verify) },
	{ .name = "mode",
	  .argument = "MODE",
	  .group = GROUP_OUTPUT,
	  .help = "who else may read it, as 640; default 600",
	  .manual = "The mode of files, in octal digits as `640`; the owner may always read and "
	            "write them. Without it files have 600 and directories 700, as they hold "
	            "credentials. Who may read files may enter the directories.",
	  TO_TEXT(struct salvage, mode_text),
	  .value = "mode of files" },
};

static const struct option_text salvage_texts[] = {
	{ "quiet", NULL, "Print no report, and say nothing but errors." }, { NULL, NULL, NULL }
};

static const struct command_operand salvage_operands[] = {
	{ .title = "log directory", .many = true }, { .title = NULL }
};

static void salvage_check(struct common *c)
{
	struct salvage *s = (struct salvage *)c;

	if (!s->out || !*s->out || !strcmp(s->out, "-"))
		common_usage(c, "--out names the new directory");
	s->mode = place_parse_mode(c, s->mode_text);
	c->no_pager |= c->quiet;
}

/* ---- the inputs ---- */

static enum kmeta_status open_inputs(struct salvage *s, struct kmeta_finding *why)
{
	struct common *c = &s->common;

	s->inputs = calloc(c->operands_count, sizeof(*s->inputs));
	if (!s->inputs)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	for (size_t i = 0; i < c->operands_count; i++) {
		struct input *in = &s->inputs[i];

		*in = (struct input){ .common = c, .address = c->operands[i], .number = i };
		s->inputs_count = i + 1;
		c->address = in->address;
		if (input_open(in, why) != KMETA_OK)
			return KMETA_FAILED;
	}
	c->address = NULL;
	return KMETA_OK;
}

static enum kmeta_status check_clusters(const struct salvage *s, struct kmeta_finding *why)
{
	const struct input *known = NULL;

	for (size_t i = 0; i < s->inputs_count; i++) {
		const struct input *in = &s->inputs[i];

		if (!in->has_node || !*in->node.cluster_id)
			continue;
		if (known && strcmp(known->node.cluster_id, in->node.cluster_id) != 0)
			return common_fault(
				why, KMETA_BAD_ARGUMENT, in->address,
				"it is of another cluster: cluster.id is %s, and %s in %s",
				in->node.cluster_id, known->node.cluster_id, known->address);
		known = known ? known : in;
	}
	return KMETA_OK;
}

static enum kmeta_status survey_inputs(struct salvage *s, struct kmeta_finding *why)
{
	for (size_t i = 0; i < s->inputs_count; i++) {
		struct input *in = &s->inputs[i];

		if (input_survey(in, why) != KMETA_OK)
			return KMETA_FAILED;
		for (size_t f = 0; kmeta_pages_file(in->pages, f).name; f++)
			s->bytes_total += kmeta_pages_file(in->pages, f).size;
	}
	return checkpoints_find(s, why);
}

/* ---- putting together ---- */

/* A hole below a checkpoint costs history, and not the state. */
static enum kmeta_status pass_hole(struct salvage *s, int64_t first, int64_t behind,
                                   struct kmeta_finding *why)
{
	s->is_lost = true;
	report_hole(s, first, behind - 1,
	            "a checkpoint has the state behind them, where the log begins now");
	return log_drop(s, why);
}

static enum kmeta_status end_at_hole(struct salvage *s, int64_t first, int64_t behind,
                                     struct kmeta_finding *why)
{
	int64_t last = -1;

	s->is_lost = s->ended_at_hole = true;
	if (s->past_holes) {
		report_end_stretch(s);
		if (log_drop(s, why) != KMETA_OK)
			return KMETA_FAILED;
		return behind_make_state(s, first, why);
	}
	report_hole(s, first, behind - 1, "the log ends there, as Kafka would cut it");
	for (size_t i = 0; i < s->inputs_count; i++)
		if (!s->inputs[i].is_dropped && s->inputs[i].end > last)
			last = s->inputs[i].end;
	report_line(s, "lost",
	            "offsets %lld..%lld, which are there but behind the hole: --past-holes makes a "
	            "checkpoint of what they say",
	            (long long)behind, (long long)last - 1);
	return KMETA_OK;
}

/* The log may begin late if a checkpoint has the state there. */
static enum kmeta_status check_begin(const struct salvage *s, int64_t begin,
                                     struct kmeta_finding *why)
{
	if (!begin || checkpoints_cover(s, begin))
		return KMETA_OK;
	return common_fault(why, KMETA_MISSING_RECORDS, NULL,
	                    "the log begins at offset %lld, and no checkpoint that verifies has "
	                    "the state there: Kafka would refuse it",
	                    (long long)begin);
}

static enum kmeta_status merge_inputs(struct salvage *s, struct kmeta_finding *why)
{
	int64_t offset = -1, behind;
	struct input *in;
	enum kmeta_status status;

	while ((status = merge_next(s, offset, &in, &behind, why)) != KMETA_FAILED) {
		if (status == KMETA_OK) {
			if (log_append(s, in, why) != KMETA_OK ||
			    merge_advance(s, in, why) != KMETA_OK)
				return KMETA_FAILED;
			offset = s->behind;
			continue;
		}
		if (behind < 0)
			return KMETA_OK;
		if (offset < 0)
			status = check_begin(s, behind, why);
		else if (checkpoints_cover(s, behind))
			status = pass_hole(s, offset, behind, why);
		else
			return end_at_hole(s, offset, behind, why);
		if (status != KMETA_OK)
			return KMETA_FAILED;
		offset = behind;
	}
	return status;
}

/* Damage behind the last batch that any input has may have been batches. */
static void say_damaged_end(struct salvage *s)
{
	if (s->ended_at_hole || !s->has_log)
		return;
	for (size_t i = 0; i < s->inputs_count; i++) {
		const struct input *in = &s->inputs[i];

		if (in->is_dropped || !in->damaged_at_end || in->end < s->behind)
			continue;
		s->is_lost = true;
		report_line(s, "lost", "what %s had behind offset %lld is damaged", in->address,
		            (long long)in->end - 1);
	}
}

static enum kmeta_status put_together(struct salvage *s, struct kmeta_finding *why)
{
	enum kmeta_status status;

	for (size_t i = 0; i < s->inputs_count; i++)
		if (input_advance(&s->inputs[i], why) != KMETA_OK)
			return KMETA_FAILED;
	status = merge_inputs(s, why);
	if (status == KMETA_OK)
		status = log_end_segment(s, why);
	if (status != KMETA_OK || s->state_name[0])
		return status;
	report_end_stretch(s);
	say_damaged_end(s);
	status = checkpoints_write(s, why);
	if (status == KMETA_OK && s->has_log)
		status = check_begin(s, s->begin, why);
	if (status == KMETA_OK && !s->has_log && !checkpoints_cover(s, 1))
		status = common_fault(why, KMETA_NOT_A_LOG, NULL,
		                      "no input has a sound batch or a checkpoint that verifies");
	return status;
}

/* ---- all of it ---- */

static enum kmeta_status begin_place(struct salvage *s, struct kmeta_finding *why)
{
	if (s->dry_run)
		return KMETA_OK;
	if (place_open(&s->place, why) != KMETA_OK)
		return KMETA_FAILED;
	return place_make_directory(&s->place, "__cluster_metadata-0", why);
}

/* What records mean is the source's matter: the batches are those that were there. */
static enum kmeta_status finish_place(struct salvage *s, struct kmeta_finding *why)
{
	enum {
		CHECKS = KMETA_CHECK_ALL &
		         ~(KMETA_CHECK_MEANING | KMETA_CHECK_REPLAY_MATCH | KMETA_CHECK_START)
	};
	enum kmeta_status status = KMETA_OK;

	if (s->dry_run)
		return KMETA_OK;
	if (s->inputs[0].has_node)
		status = properties_write(&s->place, &s->inputs[0].node, why);
	if (status == KMETA_OK && !s->no_verify)
		status = reread_verify(&s->common, s->place.work, s->out, CHECKS, why);
	if (status == KMETA_OK)
		status = place_finish(&s->place, NULL, why);
	return status;
}

static enum kmeta_status salvage_run(struct common *c, struct kmeta_finding *why)
{
	struct salvage *s = (struct salvage *)c;
	enum kmeta_status status;

	s->place = (struct place){ .path = s->out, .mode = s->mode };
	status = place_check(&s->place, why);
	if (status == KMETA_OK)
		status = open_inputs(s, why);
	if (status == KMETA_OK)
		status = check_clusters(s, why);
	if (status == KMETA_OK)
		status = survey_inputs(s, why);
	if (status == KMETA_OK)
		status = begin_place(s, why);
	if (status == KMETA_OK)
		status = put_together(s, why);
	if (status == KMETA_OK)
		status = finish_place(s, why);
	if (status == KMETA_OK)
		report_made(s);
	c->different |= s->is_lost;
	place_close(&s->place);
	return status;
}

static const struct command salvage_command = {
	.name = "kmeta-salvage",
	.synopsis = "[options] --out=DIR ADDRESS...",
	.about = "Puts one whole log together from the log directories of one or several nodes of "
		 "a quorum, controllers or brokers, of which some are damaged: for each offset the "
		 "sound batch that any of them has.",
	.notes = "Exit status: 0 done, nothing lost; 1 done, but something was lost, as the report "
		 "lists; 2 not done, and nothing is there.",
	.own_group = "What to write",
	.options = salvage_options,
	.options_count = sizeof(salvage_options) / sizeof(salvage_options[0]),
	.texts = salvage_texts,
	.operands = salvage_operands,
	.least = 1,
	.missing = "name one or more log directories",
	.check = salvage_check,
	.run = salvage_run,
};

int main(int argc, char **argv)
{
	struct salvage s = { .common.command = &salvage_command, .begin = -1, .behind = -1 };
	const int status = common_main(&s.common, argc, argv);

	for (size_t i = 0; i < s.inputs_count; i++)
		input_close(&s.inputs[i]);
	free(s.inputs);
	free(s.segments);
	checkpoints_release(&s);
	kmeta_buffer_release(&s.buffer);
	return status;
}
