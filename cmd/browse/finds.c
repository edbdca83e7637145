/* SPDX-License-Identifier: Apache-2.0 */
/* finds.c: what a key, or the name of an action, means where the focus is. */
#include <string.h>

#include "browser.h"

static screen_action *find_action(struct bindings bindings, int key)
{
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].key == key)
			return bindings.at[i].act;
	return NULL;
}

static screen_action *find_name(struct bindings bindings, const char *name)
{
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].name && !strcmp(bindings.at[i].name, name))
			return bindings.at[i].act;
	return NULL;
}

screen_action *browser_action(const struct screen *s, const char *name)
{
	screen_action *action =
		s->focus == FOCUS_VIEW ? find_name(screen_view(s)->bindings, name) : NULL;

	if (!action)
		action = find_name(s->everywhere, name);
	return action ? action : find_name(log_view.bindings, name);
}

static void offer_names(struct bindings bindings, void (*offer)(void *context, const char *name),
                        void *context)
{
	for (size_t i = 0; i < bindings.count; i++)
		if (bindings.at[i].name)
			offer(context, bindings.at[i].name);
}

void browser_offer_actions(const struct screen *s, void (*offer)(void *context, const char *name),
                           void *context)
{
	if (s->focus == FOCUS_VIEW)
		offer_names(screen_view(s)->bindings, offer, context);
	offer_names(s->everywhere, offer, context);
	offer_names(log_view.bindings, offer, context);
}

screen_action *browser_key(const struct screen *s, int key)
{
	const char *own = own_keys_find(s->own, key);
	screen_action *action = NULL;

	if (own)
		return browser_action(s, own);
	if (s->focus == FOCUS_LOG)
		action = find_action(log_view.bindings, key);
	else if (s->focus == FOCUS_VIEW)
		action = find_action(screen_view(s)->bindings, key);
	if (!action)
		action = find_action(s->everywhere, key);
	/* The log's own keys work in every view. */
	return action ? action : find_action(log_view.bindings, key);
}
