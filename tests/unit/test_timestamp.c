/* SPDX-License-Identifier: Apache-2.0 */
/* test_timestamp.c: times printed and read as people write them, in several zones. */
#include <kmeta.h>

#include "print/timestamp.h"

#include <stdlib.h>
#include <time.h>

#include "rows.h"

/* 2026-11-24T14:05:06.789Z, a Tuesday. */
#define NOW INT64_C(1795529106789)

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* Rules spelled out, so that no file of the system has a say. */
#define BERLIN   "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"
#define KOLKATA  "IST-5:30"

/* ---- printing ---- */

/* clang-format off */
static const struct {
	const char *zone;
	int64_t time;
	unsigned flags;
	const char *text;
} prints[] = {
	{ "UTC0", 0, KMETA_SHOW_UTC, "1970-01-01T00:00:00.000Z" },
	{ "UTC0", NOW, KMETA_SHOW_UTC, "2026-11-24T14:05:06.789Z" },
	{ "UTC0", NOW, 0, "2026-11-24T14:05:06.789+00:00" },
	{ "UTC0", 1, KMETA_SHOW_UTC, "1970-01-01T00:00:00.001Z" },
	{ "UTC0", -1, KMETA_SHOW_UTC, "1969-12-31T23:59:59.999Z" },
	{ "UTC0", -1000, KMETA_SHOW_UTC, "1969-12-31T23:59:59.000Z" },
	{ "UTC0", -1001, KMETA_SHOW_UTC, "1969-12-31T23:59:58.999Z" },
	{ "UTC0", INT64_C(951782400000), KMETA_SHOW_UTC, "2000-02-29T00:00:00.000Z" },
	{ "UTC0", INT64_C(253402300799999), KMETA_SHOW_UTC, "9999-12-31T23:59:59.999Z" },
	{ "UTC0", INT64_C(-62135596800000), KMETA_SHOW_UTC, "0001-01-01T00:00:00.000Z" },
	/* beyond four digits of a year the number says more */
	{ "UTC0", INT64_C(253402300800000), KMETA_SHOW_UTC, "@253402300800.000" },
	{ "UTC0", INT64_C(-62135596800001), KMETA_SHOW_UTC, "@-62135596801.999" },
	{ "UTC0", INT64_MAX, KMETA_SHOW_UTC, "@9223372036854775.807" },
	{ "UTC0", INT64_MIN, KMETA_SHOW_UTC, "@-9223372036854776.192" },
	{ BERLIN, NOW, 0, "2026-11-24T15:05:06.789+01:00" },
	{ BERLIN, NOW, KMETA_SHOW_UTC, "2026-11-24T14:05:06.789Z" },
	{ BERLIN, INT64_C(1782000000000), 0, "2026-06-21T02:00:00.000+02:00" },
	{ NEW_YORK, NOW, 0, "2026-11-24T09:05:06.789-05:00" },
	{ KOLKATA, NOW, 0, "2026-11-24T19:35:06.789+05:30" },
	{ "XXX3:30", NOW, 0, "2026-11-24T10:35:06.789-03:30" },
};
/* clang-format on */

ROWS(timestamp, print, prints)
ParameterizedTest(const size_t *row, timestamp, print, .timeout = 10)
{
	struct kmeta_buffer out = { 0 };

	set_zone(prints[*row].zone);
	kmeta_print_time(&out, prints[*row].time, prints[*row].flags);
	cr_expect(out.size == strlen(prints[*row].text) &&
	                  !memcmp(out.at, prints[*row].text, out.size),
	          "%s: %.*s", prints[*row].text, (int)out.size, out.at);
	kmeta_buffer_release(&out);
}

/* ---- reading ---- */

/* What it means as the beginning and as the end of a range. */
/* clang-format off */
static const struct {
	const char *zone, *text;
	const char *first, *last; /* as printed in UTC */
} reads[] = {
	{ "UTC0", "2026-11-24T14:05:06.789Z", "2026-11-24T14:05:06.789Z", "2026-11-24T14:05:06.789Z" },
	{ "UTC0", "2026-11-24T14:05:06Z", "2026-11-24T14:05:06.000Z", "2026-11-24T14:05:06.999Z" },
	{ "UTC0", "2026-11-24T14:05Z", "2026-11-24T14:05:00.000Z", "2026-11-24T14:05:59.999Z" },
	{ "UTC0", "2026-11-24", "2026-11-24T00:00:00.000Z", "2026-11-24T23:59:59.999Z" },
	{ "UTC0", "2026-11-24Z", "2026-11-24T00:00:00.000Z", "2026-11-24T23:59:59.999Z" },
	{ "UTC0", "2026-11-24 14:05", "2026-11-24T14:05:00.000Z", "2026-11-24T14:05:59.999Z" },
	{ "UTC0", "2026-11-24T14:05:06.7", "2026-11-24T14:05:06.700Z", NULL },
	{ "UTC0", "2026-11-24T14:05:06.78", "2026-11-24T14:05:06.780Z", NULL },
	{ "UTC0", "2026-11-24T14:05:06.789123456", "2026-11-24T14:05:06.789Z", NULL },
	{ "UTC0", "2026-11-24T14:05:06.789z", "2026-11-24T14:05:06.789Z", NULL },
	{ "UTC0", "2026-11-24T14:05:06+02:00", "2026-11-24T12:05:06.000Z", "2026-11-24T12:05:06.999Z" },
	{ "UTC0", "2026-11-24T14:05+0230", "2026-11-24T11:35:00.000Z", "2026-11-24T11:35:59.999Z" },
	{ "UTC0", "2026-11-24T14:05-05:30", "2026-11-24T19:35:00.000Z", "2026-11-24T19:35:59.999Z" },
	{ "UTC0", "14:05", "2026-11-24T14:05:00.000Z", "2026-11-24T14:05:59.999Z" },
	{ "UTC0", "00:00:00", "2026-11-24T00:00:00.000Z", "2026-11-24T00:00:00.999Z" },
	/* Later than now: yesterday's. */
	{ "UTC0", "23:59:59.5", "2026-11-23T23:59:59.500Z", NULL },
	{ "UTC0", "14:05:06", "2026-11-24T14:05:06.000Z", "2026-11-24T14:05:06.999Z" },
	{ "UTC0", "14:05:07", "2026-11-23T14:05:07.000Z", "2026-11-23T14:05:07.999Z" },
	{ "UTC0", "14:06", "2026-11-23T14:06:00.000Z", "2026-11-23T14:06:59.999Z" },
	{ "UTC0", "2024-02-29", "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z" },
	{ "UTC0", "1969-12-31T23:59:59.999", "1969-12-31T23:59:59.999Z", NULL },
	{ "UTC0", "now", "2026-11-24T14:05:06.789Z", NULL },
	{ "UTC0", "-10m", "2026-11-24T13:55:06.789Z", NULL },
	{ "UTC0", "-1h30m", "2026-11-24T12:35:06.789Z", NULL },
	{ "UTC0", "-1w1d", "2026-11-16T14:05:06.789Z", NULL },
	{ "UTC0", "-1s500ms", "2026-11-24T14:05:05.289Z", NULL },
	{ "UTC0", "@1795529106789", "2026-11-24T14:05:06.789Z", NULL },
	{ "UTC0", "@0", "1970-01-01T00:00:00.000Z", NULL },
	{ BERLIN, "2026-11-24T14:05", "2026-11-24T13:05:00.000Z", "2026-11-24T13:05:59.999Z" },
	{ BERLIN, "2026-06-24T14:05", "2026-06-24T12:05:00.000Z", "2026-06-24T12:05:59.999Z" },
	{ BERLIN, "2026-06-24T14:05Z", "2026-06-24T14:05:00.000Z", "2026-06-24T14:05:59.999Z" },
	{ BERLIN, "2026-11-24", "2026-11-23T23:00:00.000Z", "2026-11-24T22:59:59.999Z" },
	{ BERLIN, "14:05", "2026-11-24T13:05:00.000Z", "2026-11-24T13:05:59.999Z" },
	{ NEW_YORK, "2026-11-24T23:30", "2026-11-25T04:30:00.000Z", "2026-11-25T04:30:59.999Z" },
	{ KOLKATA, "00:15", "2026-11-23T18:45:00.000Z", "2026-11-23T18:45:59.999Z" },
	/* there it is the next day already: "today" is that of the zone that is meant */
	{ "XXX-12", "01:00", "2026-11-24T13:00:00.000Z", "2026-11-24T13:00:59.999Z" },
	{ "XXX-12", "01:00Z", "2026-11-24T01:00:00.000Z", "2026-11-24T01:00:59.999Z" },
	{ "UTC0", "01:00+12:00", "2026-11-24T13:00:00.000Z", "2026-11-24T13:00:59.999Z" },
};
/* clang-format on */

static bool reads_as(const char *text, bool last, const char *printed)
{
	struct kmeta_buffer out = { 0 };
	int64_t time;
	bool same;

	if (!time_parse(text, strlen(text), (struct kmeta_clock){ NOW, NOW }, last, &time))
		return false;
	kmeta_print_time(&out, time, KMETA_SHOW_UTC);
	same = out.size == strlen(printed) && !memcmp(out.at, printed, out.size);
	cr_expect(same, "%s, %s: %.*s", text, last ? "last" : "first", (int)out.size, out.at);
	kmeta_buffer_release(&out);
	return same;
}

ROWS(timestamp, read, reads)
ParameterizedTest(const size_t *row, timestamp, read, .timeout = 10)
{
	const char *last = reads[*row].last ? reads[*row].last : reads[*row].first;

	set_zone(reads[*row].zone);
	cr_expect(reads_as(reads[*row].text, false, reads[*row].first), "%s", reads[*row].text);
	cr_expect(reads_as(reads[*row].text, true, last), "%s", reads[*row].text);
}

static const char *const bad[] = {
	"",
	" ",
	"yesterday",
	"Now",
	"2026",
	"2026-11",
	"2026-11-2",
	"26-11-24",
	"2026-13-01",
	"2026-00-01",
	"2026-11-00",
	"2026-11-32",
	"2026-02-30",
	"2026-02-29",
	"2026-04-31",
	"2026/11/24",
	"2026-11-24T",
	"2026-11-24T14",
	"2026-11-24T14:5",
	"2026-11-24T24:00",
	"2026-11-24T14:60",
	"2026-11-24T14:05:61",
	"2026-11-24T14:05:06.",
	"2026-11-24T14:05:06.x",
	"2026-11-24T14:05:06.1234567890",
	"2026-11-24T14:05:06Zulu",
	"2026-11-24T14:05 Z",
	"2026-11-24T14:05+2",
	"2026-11-24T14:05+24:00",
	"2026-11-24T14:05+02:60",
	"2026-11-24T14:05+",
	"2026-11-24x",
	"14",
	"14:",
	"1:05",
	"-",
	"-10",
	"-m",
	"-10x",
	"-10m5",
	"-0m",
	"--10m",
	"-99999999999999999999d",
	"-9223372036854775807w",
	"@",
	"@x",
	"@12x",
	"@99999999999999999999",
	"+10m",
	"10m",
};

ROWS(timestamp, unreadable, bad)
ParameterizedTest(const size_t *row, timestamp, unreadable, .timeout = 10)
{
	int64_t time;

	set_zone(BERLIN);
	cr_expect(!time_parse(bad[*row], strlen(bad[*row]), (struct kmeta_clock){ NOW, NOW }, false,
	                      &time),
	          "'%s'", bad[*row]);
	cr_expect(!time_parse(bad[*row], strlen(bad[*row]), (struct kmeta_clock){ NOW, NOW }, true,
	                      &time),
	          "'%s'", bad[*row]);
}

/* What is printed can be given back, to the millisecond, in any zone. */
static const char *const zones[] = { "UTC0", BERLIN, NEW_YORK, KOLKATA };

ROWS(timestamp, round_trip, zones)
ParameterizedTest(const size_t *row, timestamp, round_trip, .timeout = 10)
{
	set_zone(zones[*row]);
	for (int64_t time = INT64_C(-62000000000000); time < INT64_C(253000000000000);
	     time += INT64_C(77777777777)) {
		for (unsigned flags = 0; flags <= KMETA_SHOW_UTC; flags += KMETA_SHOW_UTC) {
			struct kmeta_buffer out = { 0 };
			int64_t back;

			kmeta_print_time(&out, time, flags);
			cr_assert(time_parse(out.at, out.size, (struct kmeta_clock){ NOW, NOW },
			                     false, &back),
			          "%.*s", (int)out.size, out.at);
			cr_assert_eq(back, time, "%.*s", (int)out.size, out.at);
			kmeta_buffer_release(&out);
		}
	}
}
