/* template.h: "{ratio:.1f} times the usual engagement" filled in. */
#ifndef RULES_TEMPLATE_H
#define RULES_TEMPLATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* A name's value: text, or a number. False: there is no such name. */
typedef struct template_value {
	bool is_text;
	str text;
	double number;
} template_value;
typedef bool template_lookup(void *user, str name, template_value *out);

/* {{ and }} are braces. After a colon: [.digits]f, d, or % (times 100, with "%"). Without: numbers in shortest form,
 * at most 4 significant decimals. An unknown name or bad format is KOL_E_RULE. */
kol_status template_fill(str text, template_lookup *look, void *user, buffer *out, kol_error *err);

#endif
