/* SPDX-License-Identifier: Apache-2.0 */
/* html.c: the report as one page, without outside parts. Names are hostile: all text is escaped. */
#include <stdio.h>
#include <string.h>

#include <nettle/sha2.h>

#include "report.h"

/* A page has 2 MB at most: so many rows, none longer than that. */
enum { ROWS = 2000, CELL = 600, WIDTH = 960, LEFT = 90, CHART = 90, LANE = 16 };

static const char style[] =
	":root{color-scheme:light dark;--e:#c62828;--w:#b26a00;--n:#5b7fa6;--ok:#2e7d32;--line:#8884}"
	"body{font:15px/1.45 system-ui,sans-serif;max-width:1000px;margin:1.5em auto;padding:0 1em}"
	"h1{font-size:1.25em}h2{font-size:1.1em;margin-top:1.6em}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;vertical-align:top;padding:.2em .5em;border-bottom:1px solid var(--line)}"
	"td:nth-child(-n+2){white-space:nowrap;font-variant-numeric:tabular-nums}"
	"th button{font:inherit;font-weight:bold;border:0;background:none;color:inherit;cursor:pointer;padding:0}"
	".error{color:var(--e);font-weight:bold}.warning{color:var(--w)}"
	"svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:currentColor}"
	".f0{fill:var(--n)}.f1{fill:var(--w)}.f2{fill:var(--e)}.ok{fill:var(--ok)}"
	".stop{fill:var(--w)}.fence{fill:var(--e)}.axis{stroke:var(--line)}"
	"td.what{overflow-wrap:anywhere}code{overflow-wrap:anywhere}.tools{display:none}"
	"@media print{@page{size:A4;margin:12mm}body{font-size:10px;max-width:none}.tools{display:none!important}"
	"tr{break-inside:avoid}}";

/* Filters and sorts the table of events. Without it the table is a plain one. */
static const char script[] =
	"'use strict';(()=>{const t=document.getElementById('events');if(!t)return;"
	"const b=t.tBodies[0],rows=[...b.rows],q=document.getElementById('q'),s=document.getElementById('s'),"
	"c=document.getElementById('count');document.querySelector('.tools').style.display='block';"
	"const f=()=>{const w=q.value.toLowerCase(),l=+s.value;let n=0;for(const r of rows){"
	"const ok=+r.dataset.s>=l&&(!w||r.textContent.toLowerCase().includes(w));r.hidden=!ok;n+=ok}"
	"c.textContent=n+' of '+rows.length};q.addEventListener('input',f);s.addEventListener('change',f);f();"
	"let last=-1,up=true;t.querySelectorAll('th').forEach((h,i)=>{const k=document.createElement('button');"
	"k.type='button';k.textContent=h.textContent;h.replaceChildren(k);k.addEventListener('click',()=>{"
	"up=last===i?!up:true;last=i;const v=r=>i===1?+r.dataset.o:i===2?-r.dataset.s:r.cells[i].textContent;"
	"rows.sort((x,y)=>{const a=v(x),d=v(y);return(a<d?-1:a>d?1:0)*(up?1:-1)});"
	"t.querySelectorAll('th').forEach(x=>x.removeAttribute('aria-sort'));"
	"h.setAttribute('aria-sort',up?'ascending':'descending');b.append(...rows)})})})();";

static struct kmeta_buffer *page_out(struct report *r)
{
	return &r->common.out.buffer;
}

#define PUT(r, ...) kmeta_buffer_format(page_out(r), __VA_ARGS__)

/* ---- text ---- */

/* What is no printable character becomes one that says so; no more than CELL bytes are written. */
static void page_bytes(struct report *r, struct kmeta_bytes text)
{
	const size_t start = page_out(r)->size;

	for (size_t i = 0; i < text.size; i++) {
		const uint8_t c = text.data[i];
		const bool begins = (c & 0xc0) != 0x80;

		if (begins && page_out(r)->size - start > CELL) {
			PUT(r, "...");
			return;
		}
		if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
			PUT(r, "&#%d;", c);
		else if (c < ' ' || c == 0x7f)
			PUT(r, "&#xfffd;");
		else
			kmeta_buffer_add(page_out(r), &c, 1);
	}
}

static void page_text(struct report *r, const char *text)
{
	page_bytes(r, (struct kmeta_bytes){ (const uint8_t *)text, strlen(text) });
}

static void page_made(struct report *r, struct kmeta_buffer *text)
{
	page_bytes(r, kmeta_buffer_bytes(text));
	page_out(r)->failed |= text->failed;
	kmeta_buffer_release(text);
}

static void page_time(struct report *r, int64_t time)
{
	struct kmeta_buffer text = { 0 };

	kmeta_print_time(&text, time, r->common.flags);
	page_made(r, &text);
}

/* 'sha256-...' of a part of the page, which the policy allows by it. */
static void page_hash(struct report *r, const char *part)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, strlen(part), (const uint8_t *)part);
	sha256_digest(&state, sizeof(digest), digest);
	PUT(r, "'sha256-");
	kmeta_base64(page_out(r), (struct kmeta_bytes){ digest, sizeof(digest) });
	PUT(r, "'");
}

static void page_head(struct report *r)
{
	PUT(r,
	    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src ");
	page_hash(r, script);
	PUT(r, "; style-src ");
	page_hash(r, style);
	PUT(r, "; base-uri 'none'; form-action 'none'\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	       "<title>What happened: ");
	page_text(r, r->common.address);
	PUT(r, "</title>\n<style>");
	kmeta_buffer_add(page_out(r), style, strlen(style));
	PUT(r, "</style></head><body><main>\n");
}

/* ---- the frame ---- */

static void page_row(struct report *r, const char *what, int64_t before, int64_t after)
{
	PUT(r, "<tr><th scope=\"row\">%s</th><td>%lld</td><td>%lld</td></tr>\n", what,
	    (long long)before, (long long)after);
}

static void page_frame(struct report *r)
{
	struct kmeta_buffer verdict = { 0 };

	report_verdict(&verdict, r);
	PUT(r, "<h1>");
	page_made(r, &verdict);
	PUT(r, "</h1>\n<p><code>");
	page_text(r, r->common.address);
	PUT(r, "</code><br>");
	if (r->records) {
		PUT(r, "offsets %lld to %lld, ", (long long)r->first_offset,
		    (long long)r->last_offset);
		page_time(r, r->first_time);
		PUT(r, " to ");
		page_time(r, r->last_time);
		PUT(r, "<br>");
	}
	PUT(r, "%lld records in %lld events", (long long)r->records, (long long)r->events);
	report_gaps(page_out(r), r);
	PUT(r, "</p>\n");
	PUT(r,
	    "<table><thead><tr><th></th><th scope=\"col\">before</th><th scope=\"col\">after</th>"
	    "</tr></thead><tbody>\n");
	page_row(r, "brokers", r->before.brokers, r->after.brokers);
	page_row(r, "brokers fenced", r->before.fenced, r->after.fenced);
	page_row(r, "topics", r->before.topics, r->after.topics);
	page_row(r, "partitions", r->before.partitions, r->after.partitions);
	page_row(r, "partitions without leader", r->before.leaderless, r->after.leaderless);
	page_row(r, "partitions under-replicated", r->before.under_replicated,
	         r->after.under_replicated);
	PUT(r, "</tbody></table>\n");
}

/* ---- charts ---- */

static int64_t page_end(const struct report *r)
{
	return r->last_time > r->bins.start ? r->last_time : r->bins.start + 1;
}

static double x_of(const struct report *r, int64_t time)
{
	const double share = (double)(time - r->bins.start) / (double)(page_end(r) - r->bins.start);

	return LEFT + (WIDTH - LEFT) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

static void begin_chart(struct report *r, const char *title, int height)
{
	PUT(r, "<h2>%s</h2>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", title,
	    WIDTH, height, title);
}

static int64_t sum_of(const struct bin *bin)
{
	return bin->events[KMETA_NOTE] + bin->events[KMETA_WARNING] + bin->events[KMETA_ERROR];
}

static double bin_width(const struct report *r)
{
	const double width = x_of(r, r->bins.start + r->bins.width) - LEFT;

	return width < 2 ? 2 : width;
}

static void page_bars(struct report *r)
{
	int64_t most = 1;

	for (size_t i = 0; i < BINS; i++)
		most = sum_of(&r->bins.at[i]) > most ? sum_of(&r->bins.at[i]) : most;
	begin_chart(r, "Events over time: errors, warnings, notes", CHART + 2);
	PUT(r, "<text x=\"0\" y=\"12\">%lld events</text>", (long long)most);
	for (size_t i = 0; i < BINS; i++) {
		const double x = x_of(r, r->bins.start + (int64_t)i * r->bins.width);
		double y = CHART;

		for (int s = KMETA_ERROR; s >= KMETA_NOTE; s--) {
			const double height =
				(double)r->bins.at[i].events[s] * CHART / (double)most;

			if (!r->bins.at[i].events[s])
				continue;
			y -= height;
			PUT(r,
			    "<rect class=\"f%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			    s, x, y, bin_width(r), height);
		}
	}
	PUT(r, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/></svg>\n", LEFT,
	    WIDTH, CHART, CHART);
}

/* Stretches without an event have what was before. */
static void page_counts(struct report *r)
{
	int64_t most = 1, leaderless = r->before.leaderless, under = r->before.under_replicated;

	for (size_t i = 0; i < BINS; i++) {
		const struct bin *bin = &r->bins.at[i];

		most = bin->under_replicated > most ? bin->under_replicated : most;
		most = bin->leaderless > most ? bin->leaderless : most;
	}
	begin_chart(r, "Partitions under-replicated, and without leader, over time", CHART + 2);
	PUT(r, "<text x=\"0\" y=\"12\">%lld partitions</text>", (long long)most);
	for (size_t i = 0; i < BINS; i++) {
		const struct bin *bin = &r->bins.at[i];
		const int64_t time = r->bins.start + (int64_t)i * r->bins.width;
		double height;

		if (time > page_end(r))
			break;
		leaderless = bin->is_set ? bin->leaderless : leaderless;
		under = bin->is_set ? bin->under_replicated : under;
		height = (double)under * CHART / (double)most;
		if (under)
			PUT(r,
			    "<rect class=\"f1\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			    x_of(r, time), CHART - height, bin_width(r), height);
		height = (double)leaderless * CHART / (double)most;
		if (leaderless)
			PUT(r,
			    "<rect class=\"f2\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			    x_of(r, time), CHART - height, bin_width(r), height);
	}
	PUT(r, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/></svg>\n", LEFT,
	    WIDTH, CHART, CHART);
}

static void page_lane(struct report *r, const struct lane *lane, int y, const char *of_service)
{
	static const char *const classes[] = { "", "ok", "stop", "fence" };
	static const char *const words[] = { "gone", "in service", "shutting down", "fenced" };

	PUT(r, "<text x=\"0\" y=\"%d\">%d</text>", y + LANE - 5, lane->node);
	for (size_t i = 0; i < lane->count; i++) {
		const double x = x_of(r, lane->at[i].time),
			     end = i + 1 < lane->count ? x_of(r, lane->at[i + 1].time) : WIDTH;
		const enum lane_state state = lane->at[i].state;

		if (state == LANE_GONE)
			continue;
		PUT(r,
		    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%d %s from ",
		    classes[state], x, y, end - x < 1 ? 1 : end - x, LANE - 4, lane->node,
		    state == LANE_IN_SERVICE ? of_service : words[state]);
		page_time(r, lane->at[i].time);
		PUT(r, "</title></rect>");
	}
}

static void page_lanes(struct report *r, const struct lanes *lanes, const char *title,
                       const char *of_service)
{
	if (!lanes->count)
		return;
	begin_chart(r, title, (int)lanes->count * LANE + 2);
	for (size_t i = 0; i < lanes->count; i++)
		page_lane(r, &lanes->at[i], (int)i * LANE, of_service);
	PUT(r, "</svg>\n");
	if (lanes->left_out)
		PUT(r, "<p>%lld more changes are not drawn.</p>\n", (long long)lanes->left_out);
}

/* ---- tables ---- */

static void page_events(struct report *r)
{
	size_t of[KMETA_ERROR + 1] = { 0 }, shown = 0;
	int64_t left_out = r->lines.dropped;
	enum kmeta_severity least = KMETA_NOTE;

	for (size_t i = 0; i < r->lines.count; i++)
		of[r->lines.at[i].event.severity]++;
	if (r->lines.count > ROWS)
		least = of[KMETA_ERROR] + of[KMETA_WARNING] <= ROWS ? KMETA_WARNING : KMETA_ERROR;
	PUT(r,
	    "<h2 id=\"story\">Story</h2>\n"
	    "<p class=\"tools\"><label>Filter <input id=\"q\" type=\"search\"></label> "
	    "<label>Least <select id=\"s\"><option value=\"0\">notes</option><option value=\"1\">warnings"
	    "</option><option value=\"2\">errors</option></select></label> "
	    "<output id=\"count\"></output></p>\n"
	    "<table id=\"events\"><thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Offset</th>"
	    "<th scope=\"col\">Severity</th><th scope=\"col\">What happened</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < r->lines.count; i++) {
		const struct line *line = &r->lines.at[i];
		const enum kmeta_severity severity = line->event.severity;
		struct kmeta_buffer text = { 0 };

		if (severity < least || shown == ROWS) {
			left_out += line->count;
			continue;
		}
		PUT(r, "<tr data-s=\"%d\" data-o=\"%lld\"><td>", severity,
		    (long long)line->event.first_offset);
		page_time(r, line->event.first_time);
		PUT(r, "</td><td>%lld</td><td class=\"%s\">%s</td><td class=\"what\">",
		    (long long)line->event.first_offset, kmeta_severity_name(severity),
		    kmeta_severity_name(severity));
		report_sentence(&text, line);
		page_made(r, &text);
		PUT(r, "</td></tr>\n");
		shown++;
	}
	PUT(r, "</tbody></table>\n");
	if (left_out)
		PUT(r, "<p>%lld milder events are not shown.</p>\n", (long long)left_out);
}

static void page_downtime(struct report *r, enum kmeta_downtime_kind kind, const char *title)
{
	struct kmeta_downtime d;

	kmeta_story_downtime(r->story, kind, &d);
	if (!d.partitions)
		return;
	PUT(r,
	    "<h2>%s</h2>\n<p>%lld partitions, %lld at the end</p>\n<table><thead><tr>"
	    "<th scope=\"col\">Partition</th><th scope=\"col\">How long</th></tr></thead><tbody>\n",
	    title, (long long)d.partitions, (long long)d.still);
	for (size_t i = 0; i < d.worst_count; i++) {
		struct kmeta_buffer text = { 0 };

		PUT(r, "<tr><td>");
		kmeta_topic_text(&text, &(struct kmeta_topic_count){ .name = d.worst[i].name });
		page_made(r, &text);
		PUT(r, "/%d</td><td>", d.worst[i].partition);
		report_down(&text, &d.worst[i]);
		page_made(r, &text);
		PUT(r, "</td></tr>\n");
	}
	PUT(r, "</tbody></table>\n");
}

static void page_settings(struct report *r)
{
	const size_t count = r->settings_count < SETTINGS_KEPT ? r->settings_count : SETTINGS_KEPT;

	if (!r->has_bad || !count)
		return;
	PUT(r, "<h2>Settings changed before the first bad event</h2>\n<ul>\n");
	for (size_t i = 0; i < count; i++) {
		const struct setting *s =
			&r->settings[(r->settings_count - count + i) % SETTINGS_KEPT];

		PUT(r, "<li>");
		page_time(r, s->time);
		PUT(r, " @%lld <code>", (long long)s->offset);
		page_text(r, s->about);
		PUT(r, " ");
		page_text(r, s->detail);
		PUT(r, "</code></li>\n");
	}
	PUT(r, "</ul>\n");
}

static bool page_problem(void *context, const struct kmeta_problem *problem)
{
	struct report *r = context;

	PUT(r, "<tr><td>%s</td><td>", kmeta_problem_name(problem->code));
	page_text(r, problem->path[0] ? problem->path : "cluster");
	PUT(r, "</td><td class=\"what\">");
	page_text(r, problem->message);
	PUT(r, "</td></tr>\n");
	return true;
}

static enum kmeta_status page_problems(struct report *r, struct kmeta_finding *why)
{
	enum { EACH = 10 };
	const struct kmeta_problem_options options = { .size = sizeof(options),
		                                       .most = EACH,
		                                       .address = r->common.address,
		                                       .seen = page_problem,
		                                       .context = r };
	struct kmeta_problem_counts counts;
	enum kmeta_status status;

	PUT(r, "<h2>Problems at the end</h2>\n<table><thead><tr><th scope=\"col\">Problem</th>"
	       "<th scope=\"col\">Where</th><th scope=\"col\">What</th></tr></thead><tbody>\n");
	status = kmeta_problems(kmeta_story_image(r->story), &options, &counts, why);
	PUT(r, "</tbody></table>\n");
	return status;
}

enum kmeta_status report_html(struct report *r, struct kmeta_finding *why)
{
	enum kmeta_status status;

	page_head(r);
	page_frame(r);
	if (r->bins.width) {
		page_bars(r);
		page_counts(r);
		page_lanes(r, &r->brokers,
		           "Brokers: in service (green), shutting down (orange), fenced (red)",
		           "in service");
		page_lanes(r, &r->controllers, "Active controllers", "led");
	}
	page_events(r);
	page_settings(r);
	page_downtime(r, KMETA_DOWNTIME_LEADERLESS, "Without leader");
	page_downtime(r, KMETA_DOWNTIME_UNDER_MIN_ISR, "Below min.insync.replicas");
	status = page_problems(r, why);
	PUT(r, "</main><script>");
	kmeta_buffer_add(page_out(r), script, strlen(script));
	PUT(r, "</script></body></html>\n");
	return status;
}
