/* SPDX-License-Identifier: Apache-2.0 */
#include "../libkmeta/json.h"
#include "common.h"
#include <getopt.h>
#include <stdio.h>
static const struct command_option options[] = { { 'o', "output", "FORMAT", "x" }, COMMON_OPTIONS };
static const struct command command = { .name = "kmeta-image",
	                                .options = options,
	                                .options_count = 8 };
static bool rep(void *c, const struct kmeta_finding *f)
{
	fprintf(stderr, "%s: %lld: %s\n", kmeta_code_name(f->code), (long long)f->offset,
	        f->message);
	(void)c;
	return true;
}
int main(int argc, char **argv)
{
	struct common c = { .command = &command };
	struct kmeta_finding why;
	char *path;
	struct kmeta_point point;
	struct kmeta_image *image;
	struct kmeta_walk *walk;
	struct kmeta_entity e;
	struct output out = { 0 };
	struct kmeta_load_options lo = { .report = rep, .nearest = true };
	while (common_next_option(&c, argc, argv) != -1)
		;
	if (kmeta_address_parse(argv[optind], 0, &path, &point, &why) ||
	    kmeta_image_load(&image, path, point, &lo, &why)) {
		common_report(&c, argv[optind], &why);
		return 2;
	}
	if (kmeta_walk_open(&walk, image, 0, &why))
		return 2;
	while (kmeta_walk_next(walk, &e, &why) == KMETA_OK) {
		buffer_format(&out.buffer,
		              "{\"type\":\"%s\",\"version\":%d,\"data\":", e.fields->schema->name,
		              e.fields->schema->version);
		json_fields(&out.buffer, e.fields, c.flags);
		buffer_text(&out.buffer, "}\n");
		output_drain(&out, &c);
	}
	output_flush(&out, &c);
	return 0;
}
