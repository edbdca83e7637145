/* SPDX-License-Identifier: Apache-2.0 */
/* report.h: what was asked of kmeta-report, and the lines of a story. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "../common.h"
#include "../common/place.h"

enum report_format { REPORT_TEXT, REPORT_MARKDOWN, REPORT_HTML, REPORT_JSON };

/* Brokers and settings that a line or the frame names one by one. */
enum { LINE_BROKERS = 8, SETTINGS_KEPT = 10 };

/* One event, or several of one kind that lie close together. */
struct line {
	struct kmeta_story_event
		event;           /* the first one, with the sums of all; its texts are below */
	int64_t count;           /* of events */
	int64_t peak, peak_time; /* partitions without leader at the worst moment */
	int64_t back;            /* milliseconds until it was over; -1: never in this log */
	int32_t brokers[LINE_BROKERS];
	size_t brokers_count;
	int64_t away; /* brokers that did not come back yet */
	char *about, *detail;
};

struct lines {
	struct line *at;
	size_t count, capacity;
	int64_t gap; /* milliseconds */
	bool unfolded;
	size_t latest[KMETA_CAUSE_COUNT]; /* the number of the last line of the cause, and one */
	int64_t dropped;                  /* events of lines that were too many */
	bool failed;                      /* out of memory */
};

struct setting {
	int64_t offset, time;
	char *about, *detail;
};

/* ---- what the charts of a page show ---- */

enum { BINS = 240, LANES = 64, LANE_STEPS = 64 };

struct bin {
	int64_t events[KMETA_ERROR + 1];
	int64_t leaderless, under_replicated; /* the most at one moment */
	bool is_set;
};

struct bins {
	int64_t start, width; /* milliseconds; width 0: empty */
	struct bin at[BINS];
};

enum lane_state { LANE_GONE, LANE_IN_SERVICE, LANE_STOPPING, LANE_FENCED };

struct lane {
	int32_t node;
	size_t count;
	struct {
		int64_t time;
		enum lane_state state;
	} at[LANE_STEPS];
};

struct lanes {
	struct lane at[LANES];
	size_t count;
	int64_t left_out; /* steps that there was no room for */
};

struct report {
	struct common common;
	enum report_format format;
	bool verbose;
	int64_t gap_seconds;
	const char *time_text, *offset_text, *only_text, *ignore_text, *topic, *out;
	int64_t broker; /* negative: all */
	bool only[KMETA_CAUSE_COUNT];
	struct kmeta_story_options story_options;

	const char *path;
	struct kmeta_story *story;
	struct lines lines;
	struct bins bins;
	struct lanes brokers, controllers;
	struct setting settings[SETTINGS_KEPT]; /* before the first bad event, in a ring */
	size_t settings_count;
	bool has_bad; /* an event that is an error was seen */
	int64_t bad_offset, bad_time;
	int64_t events, records, first_offset, last_offset, first_time, last_time;
	int64_t of_cause[KMETA_CAUSE_COUNT];
	int64_t lost, moved, unclean;
	int64_t worst_leaderless, worst_time; /* at one moment */
	struct kmeta_story_counts before, after;
	size_t problems;         /* that markdown names */
	struct place_file *file; /* NULL: standard output */
	bool is_broken;          /* the log has errors, and the first of them is: */
	struct {
		enum kmeta_code code;
		int64_t position, offset; /* -1: unknown */
	} damage;
};

/* Writes what has gathered, if it is much; false: no use going on. */
bool report_drain(struct report *r);

/* ---- lines ---- */

void lines_add(struct lines *lines, const struct kmeta_story_event *event);
void lines_release(struct lines *lines);

void bins_add(struct bins *bins, const struct kmeta_story_event *event);
void lanes_add(struct lanes *brokers, struct lanes *controllers,
               const struct kmeta_story_event *event);

/* ---- sentences ---- */

/* What an event did, in figures: "71 leaders moved (12: 40, 13: 31), 141 ISRs shrunk". */
void report_effects(struct kmeta_buffer *out, const struct kmeta_effects *effects);

/* The line without its time: "broker 11 fenced: ...; back after 127 s". */
void report_sentence(struct kmeta_buffer *out, const struct line *line);
void report_verdict(struct kmeta_buffer *out, const struct report *r);
/* What is not known, if anything: "; what was before offset 1148 is unknown". */
void report_gaps(struct kmeta_buffer *out, const struct report *r);
void report_duration(struct kmeta_buffer *out, int64_t milliseconds);
/* How long a partition was down: "21 s, still so". */
void report_down(struct kmeta_buffer *out, const struct kmeta_downtime_row *row);

/* ---- formats ---- */

void report_json_event(struct report *r, const struct kmeta_story_event *event);
enum kmeta_status report_json_summary(struct report *r, struct kmeta_finding *why);
/* As text, or as markdown. */
enum kmeta_status report_text(struct report *r, struct kmeta_finding *why);

enum kmeta_status report_html(struct report *r, struct kmeta_finding *why);

#endif
