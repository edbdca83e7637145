/* SPDX-License-Identifier: Apache-2.0 */
/* redact.c: kmeta-redact writes a copy of a log that may be shown to others. */
#include "redact/redact.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/reread.h"

/* ---- options ---- */

static struct option_word redact_words(size_t number)
{
	return name_classes[number];
}

static const struct command_option redact_options[] = {
	{ .name = "out",
	  .argument = "PATH",
	  .help = "the new directory, or file",
	  .manual = "The copy: a directory for a directory, a file for a file. Nothing may be "
	            "there yet. Must be given.",
	  TO_TEXT(struct redact, out),
	  .value = "new directory or file" },
	{ .name = "keep",
	  .argument = "CLASS,...",
	  .help = "leave these names as they are",
	  .manual = "Leave names of these classes as they are: {words}.",
	  TO_SET(struct redact, kept),
	  .vocabulary = redact_words,
	  .value = "class of names" },
	{ .name = "hide-ids",
	  .help = "replace ids of topics, directories and incarnations, too",
	  .manual = "Replace the ids of topics, log directories, incarnations and ACLs as well, "
	            "which are random numbers.",
	  TO_FLAG(struct redact, hide_ids) },
	{ .name = "key-file",
	  .argument = "FILE",
	  .help = "pseudonyms follow from the key in this file",
	  .manual = "Pseudonyms follow from the key in this file, 16 bytes or more, so that copies "
	            "of several nodes fit each other. Keep it at home. Without it each run has a "
	            "random key.",
	  TO_TEXT(struct redact, key_file),
	  .value = "file with a key" },
	{ .name = "map",
	  .argument = "FILE",
	  .help = "write pseudonyms and names to this new file, to stay at home",
	  .manual = "Write a new file with a line of JSON for each name and its pseudonym. "
	            "Only its owner may read it; keep it at home.",
	  TO_TEXT(struct redact, map),
	  .value = "new file" },
	{ .letter = 'n',
	  .name = "dry-run",
	  .group = GROUP_OUTPUT,
	  .help = "say what would be replaced, and write nothing",
	  .manual = "Say what would be replaced, and write nothing.",
	  TO_FLAG(struct redact, dry_run) },
	{ .name = "no-verify",
	  .group = GROUP_OUTPUT,
	  .help = "do not read back what was written",
	  .manual = "Do not read back and verify what was written.",
	  TO_FLAG(struct redact, no_verify) },
	{ .name = "mode",
	  .argument = "MODE",
	  .group = GROUP_OUTPUT,
	  .help = "who else may read the copy, as 640; default 600",
	  .manual = "The mode of files, in octal digits as `640`; the owner may always read and "
	            "write them. Without it files have 600 and directories 700. Who may read "
	            "files may enter the directories.",
	  TO_TEXT(struct redact, mode_text),
	  .value = "mode of files" },
};

static const struct option_text redact_texts[] = {
	{ "show-secrets", "accepted, as by every command: secrets are always replaced",
	  "Accepted as by every command. Secrets are always replaced." },
	{ "quiet", NULL, "Print no report, and say nothing but errors." },
	{ NULL, NULL, NULL }
};

static const struct command_operand redact_operands[] = {
	{ .title = "segment, checkpoint or directory" }, { .title = NULL }
};

static void redact_check(struct common *c)
{
	struct redact *r = (struct redact *)c;

	c->address = c->operands[0];
	if (!r->out || !*r->out || !strcmp(r->out, "-"))
		common_usage(c, "--out names the new directory or file");
	if (r->map && !*r->map)
		common_usage(c, "--map names a new file");
	r->mode = place_parse_mode(c, r->mode_text);
}

/* ---- the key ---- */

static enum kmeta_status read_key(struct redact *r, struct kmeta_finding *why)
{
	enum { LEAST = 16, MOST = 64 << 10 };
	const int fd = open(r->key_file, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	if (fd >= 0)
		r->names.key = malloc(MOST);
	while (r->names.key && r->names.key_size < MOST && n > 0) {
		n = read(fd, r->names.key + r->names.key_size, MOST - r->names.key_size);
		r->names.key_size += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || n < 0)
		common_fault(why, KMETA_CANNOT_READ, r->key_file, "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (fd < 0 || n < 0)
		return KMETA_FAILED;
	if (!r->names.key)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	if (r->names.key_size < LEAST)
		return common_fault(why, KMETA_BAD_ARGUMENT, r->key_file,
		                    "a key has %d bytes or more", LEAST);
	return KMETA_OK;
}

static enum kmeta_status redact_take_key(struct redact *r, struct kmeta_finding *why)
{
	if (r->key_file)
		return read_key(r, why);
	r->names.key = malloc(KEY_SIZE);
	r->names.key_size = KEY_SIZE;
	if (!r->names.key || getentropy(r->names.key, KEY_SIZE) < 0)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "there is no random key");
	return KMETA_OK;
}

/* ---- reading back ---- */

/* Fields were overwritten in their places, so that records decode as they did. */
enum {
	CHECKS = KMETA_CHECK_BYTES | KMETA_CHECK_ORDER | KMETA_CHECK_CHECKPOINT |
	         KMETA_CHECK_DIRECTORY
};

/* A copy of what was damaged is damaged. */
static enum kmeta_status verify_copy(struct redact *r, struct kmeta_finding *why)
{
	char *inside = r->is_file
	                       ? place_inside(&r->place, strrchr(r->place.target, '/')
	                                                         ? strrchr(r->place.target, '/') + 1
	                                                         : r->place.target)
	                       : strdup(r->place.work);
	struct kmeta_finding ignored; /* whether the source is clean is asked */
	enum kmeta_status status;

	if (!inside)
		return common_fault(why, KMETA_OUT_OF_MEMORY, NULL, "out of memory");
	status = reread_verify(&r->common, inside, r->out, CHECKS, why);
	free(inside);
	/* So is one with words in the place of what was not understood. */
	if (status != KMETA_OK && r->bytes_raw && why->code != KMETA_CANNOT_READ)
		return KMETA_OK;
	if (status != KMETA_OK &&
	    reread_verify(&r->common, r->path, r->path, CHECKS, &ignored) != KMETA_OK)
		return KMETA_OK;
	return status;
}

/* ---- all of it ---- */

static enum kmeta_status redact_open(struct redact *r, struct kmeta_finding *why)
{
	struct kmeta_point point;
	struct stat st;

	if (kmeta_address_parse(r->common.address, common_now(), &r->path, &point, why) != KMETA_OK)
		return KMETA_FAILED;
	if (point.kind != KMETA_POINT_END)
		return common_fault(why, KMETA_BAD_ARGUMENT, NULL,
		                    "a copy is of all of it: no @POINT goes with it");
	if (strcmp(r->path, "-") != 0 && stat(r->path, &st) < 0)
		return common_fault(why, KMETA_CANNOT_READ, NULL, "%s", strerror(errno));
	r->is_file = !strcmp(r->path, "-") || !S_ISDIR(st.st_mode);
	return KMETA_OK;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum kmeta_status make_copy(struct redact *r, struct place *map, struct kmeta_finding *why)
{
	enum kmeta_status status = KMETA_OK;

	if (!r->dry_run)
		status = place_open(&r->place, why);
	if (status == KMETA_OK)
		status = files_redact(r, why);
	if (status != KMETA_OK || r->dry_run)
		return status;
	if (!r->no_verify)
		status = verify_copy(r, why);
	if (status == KMETA_OK && r->map)
		status = redact_write_map(r, map, why);
	if (status == KMETA_OK)
		status = place_finish(&r->place, r->is_file ? last_part(r->place.target) : NULL,
		                      why);
	return status;
}

static enum kmeta_status redact_run(struct common *c, struct kmeta_finding *why)
{
	struct redact *r = (struct redact *)c;
	struct place map = { .path = r->map, .mode = 0600 };
	enum kmeta_status status;

	r->place = (struct place){ .path = r->out, .mode = r->mode };
	status = place_check(&r->place, why);
	if (status == KMETA_OK && r->map)
		status = place_check(&map, why);
	if (status == KMETA_OK)
		status = redact_open(r, why);
	if (status == KMETA_OK)
		status = redact_take_key(r, why);
	if (status == KMETA_OK)
		status = make_copy(r, &map, why);
	if (status == KMETA_OK)
		redact_report(r);
	place_close(&map);
	place_close(&r->place);
	return status;
}

static const struct command redact_command = {
	.name = "kmeta-redact",
	.synopsis = "[options] --out=PATH ADDRESS",
	.about = "Writes a copy of a directory, segment or checkpoint that may be shown to others: "
		 "with the same offsets, epochs, times, batches and sizes of records, and with "
		 "other names, addresses and credentials.",
	.notes = "Exit status: 0 done; 1 done, but bytes that were not understood, or small files, "
		 "were not copied; 2 not done, and nothing is there.",
	.own_group = "What to replace",
	.options = redact_options,
	.options_count = sizeof(redact_options) / sizeof(redact_options[0]),
	.texts = redact_texts,
	.operands = redact_operands,
	.least = 1,
	.most = 1,
	.missing = "name one directory, segment or checkpoint",
	.check = redact_check,
	.run = redact_run,
};

int main(int argc, char **argv)
{
	struct redact r = { .common.command = &redact_command };
	const int status = common_main(&r.common, argc, argv);

	names_release(&r.names);
	kmeta_fields_release(&r.fields);
	kmeta_buffer_release(&r.records);
	kmeta_buffer_release(&r.buffer);
	free(r.path);
	return status;
}
