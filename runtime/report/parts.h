/* parts.h: what the writers share. Private to report/. */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include "report/report.h"

/* As json_string and json_number, byte for byte, but quick where the input is plain. */
void part_string(buffer *out, str s);
void part_number(buffer *out, double v);
/* A score: at most two decimals. */
void part_points(buffer *out, double v);

#endif
