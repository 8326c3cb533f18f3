/* report.c: finds a format's writer. */
#include "report/report.h"

const report_format *report_find(kol_format f) {
	switch (f) {
	case KOL_TEXT: return &report_text;
	case KOL_JSON: return &report_json;
	case KOL_NDJSON: return &report_ndjson;
	case KOL_CSV: return &report_csv;
	}
	return NULL;
}
