/* SPDX-License-Identifier: Apache-2.0 */
/*
 * salvage.h: what was asked of kmeta-salvage, the inputs as streams of sound batches, and the log that
 * is put together from them.
 */
#ifndef SALVAGE_SALVAGE_H
#define SALVAGE_SALVAGE_H

#include "../common.h"
#include "../common/place.h"

enum salvage_format { SALVAGE_TEXT, SALVAGE_JSON };

/* ---- input.c: a directory as a stream of sound batches ---- */

/* A batch that can be copied: where it is, and what tells it from others. */
struct piece {
	size_t file; /* the number of the file in the input */
	int64_t position, size;
	int64_t base, last, time;
	int32_t epoch;
	uint32_t crc;
	bool is_control;
};

struct input {
	struct common *common;
	const char *address;
	size_t number;
	char *path;
	struct kmeta_pages *pages;
	struct kmeta_node node;
	bool has_node;
	int64_t *segments; /* the offsets that its segments are named for, rising */
	size_t segments_count;

	/* what a look at all of it has shown */
	int64_t begin, end; /* offsets of the first batch, and behind the last; -1: no batch */
	int32_t last_epoch;
	bool damaged_at_end; /* something behind the last sound batch */

	/* the stream */
	bool is_silent; /* damage is not said */
	struct kmeta_source *source;
	size_t file;    /* the number of the next one to open */
	int64_t behind; /* the offset behind the last piece; -1: none yet */
	int32_t epoch;
	struct piece next;         /* read ahead, to see what follows a piece */
	bool has_next, is_damaged; /* damage came before "next", or before the end */
	bool damaged_behind;       /* damage came behind the last head */
	struct piece head;
	bool has_head;
	bool is_dropped; /* it is of another branch from its head on */
};

/* Opens an address. FAILED: it cannot be read. */
enum kmeta_status input_open(struct input *in, struct kmeta_finding *why);
void input_close(struct input *in);

/* Begins with the first piece. */
void input_rewind(struct input *in, bool is_silent);

/* Makes the next sound piece the head; "has_head" tells whether there is one. */
enum kmeta_status input_advance(struct input *in, struct kmeta_finding *why);

/* Reads all of it once, for "begin", "end" and "last_epoch". */
enum kmeta_status input_survey(struct input *in, struct kmeta_finding *why);

/* True if a segment of the input is named for this offset. */
bool input_has_segment(const struct input *in, int64_t offset);

/* Copies the head to a buffer. False: it cannot be read any more. */
bool input_copy_head(struct input *in, struct kmeta_buffer *out);

const char *input_file_name(const struct input *in, size_t file);

/* ---- all of it ---- */

/* A checkpoint of one of the inputs that verifies. */
struct kept_checkpoint {
	char *path;
	char name[48];
	int64_t end;
	int32_t epoch;
	int64_t size;
	bool is_useless; /* the log that was made contradicts it, or does not need it */
};

/* A stretch of the log, and the input that it came from. */
struct stretch {
	const struct input *input;
	int64_t first, last, batches, bytes;
};

struct salvage {
	struct common common;

	/* what was asked for */
	const char *out, *mode_text;
	enum salvage_format format;
	mode_t mode;
	bool past_holes, dry_run, no_verify;

	struct input *inputs;
	size_t inputs_count;
	struct kept_checkpoint *checkpoints;
	size_t checkpoints_count;
	int64_t next_checkpoint; /* the lowest end of one that the log has not come to */

	/* the result */
	struct place place;
	struct place_file segment;
	struct kmeta_buffer buffer;
	bool has_segment;
	int64_t *segments; /* the offsets that those are named for which were made */
	size_t segments_count;
	int64_t segment_bytes, bytes_done, bytes_total;
	int64_t begin, behind; /* of the log that was made; -1: none */
	int32_t epoch;
	int64_t time;
	struct stretch stretch;
	bool has_log;
	bool is_lost; /* something could not be kept */
	bool ended_at_hole;
	char state_name[48]; /* the checkpoint made past holes; "": none */
	bool is_replaying;   /* the inputs are read once more, and nothing is said again */
};

/* ---- checkpoints.c ---- */

/* Lists the checkpoints of all inputs that verify. */
enum kmeta_status checkpoints_find(struct salvage *s, struct kmeta_finding *why);

/* True if a checkpoint has the state at this offset or later. */
bool checkpoints_cover(const struct salvage *s, int64_t offset);

/* Notes that the log has a batch with these offsets: a checkpoint of another epoch is useless. */
void checkpoints_hold(struct salvage *s, const struct piece *piece);

/* Drops the log if a checkpoint is newer, and copies those that are of use. */
enum kmeta_status checkpoints_write(struct salvage *s, struct kmeta_finding *why);
void checkpoints_release(struct salvage *s);

/* ---- log.c ---- */

/* Appends the head of an input to the log. */
enum kmeta_status log_append(struct salvage *s, struct input *in, struct kmeta_finding *why);
enum kmeta_status log_end_segment(struct salvage *s, struct kmeta_finding *why);

/* Removes what was made of the log: it begins again. */
enum kmeta_status log_drop(struct salvage *s, struct kmeta_finding *why);

/* ---- merge.c ---- */

/*
 * Chooses the next batch at an offset among the heads of all inputs. OK: "chosen" has it as its head.
 * END: no input has it; "behind" is the next offset that one has, -1: none.
 */
enum kmeta_status merge_next(struct salvage *s, int64_t offset, struct input **chosen,
                             int64_t *behind, struct kmeta_finding *why);

/* Moves an input to its next piece. */
enum kmeta_status merge_advance(struct salvage *s, struct input *in, struct kmeta_finding *why);

/* ---- behind.c: what lies behind a hole, as a state ---- */

enum kmeta_status behind_make_state(struct salvage *s, int64_t hole, struct kmeta_finding *why);

/* ---- report.c ---- */

void report_piece(struct salvage *s, const struct input *in, const struct piece *piece);
void report_end_stretch(struct salvage *s);

/* Offsets that no input has, and what is known of them. */
void report_hole(struct salvage *s, int64_t first, int64_t last, const char *meaning);
void report_branch(struct salvage *s, const struct input *loser, const struct input *winner);
void report_made(struct salvage *s);

/* A line about something that was lost or decided; in JSON it is an object with "what". */
__attribute__((format(printf, 3, 4))) void report_line(struct salvage *s, const char *what,
                                                       const char *format, ...);

#endif
