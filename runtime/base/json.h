/* json.h: writes JSON into a buffer. Reading is jansson's. Invalid UTF-8 becomes U+FFFD. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/buffer.h"

void json_string(buffer *b, str s);    /* quoted and escaped; null where s.p is NULL */
void json_number(buffer *b, double v); /* null where v is NaN or infinite */
void json_bool(buffer *b, bool v);
/* ,"key": — the comma only where the last byte is not { or [ or empty */
void json_key(buffer *b, const char *key);
void json_comma(buffer *b); /* a comma unless the last byte opens a list */

#endif
