/** CSV bodies. Source: RFC 4180; the first record names the columns. */
import { invalidBody } from '../errors.ts';

/** Records of fields. Quoted fields may hold commas, line ends and doubled quotes. */
export const csvRecords = (text: string): string[][] => {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { value, end } = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    record.push(value);
    at = end;
    if (text[at] === ',') {
      at++;
      // A comma at the very end is followed by one more, empty, field.
      if (at === text.length) record.push('');
      else continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    records.push(record);
    record = [];
  }
  return records;
};

interface FieldAt {
  value: string;
  end: number;
}

const plainField = (text: string, start: number): FieldAt => {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
  return { value: text.slice(start, end), end };
};

const quotedField = (text: string, start: number): FieldAt => {
  let value = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) throw invalidBody('parse error (not enough input) at ""');
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const next = text[quote + 1];
      if (next !== undefined && !',\r\n'.includes(next)) {
        throw invalidBody(`parse error (Failed reading: conversion error) at "${text.slice(quote + 1, quote + 20)}"`);
      }
      return { value, end: quote + 1 };
    }
    value += '"';
    at = quote + 2;
  }
};

/** CSV as a list of rows; the word NULL stands for null, everything else is text. */
export const csvRows = (text: string): { columns: string[]; rows: Record<string, string | null>[] } => {
  const [columns, ...records] = csvRecords(text);
  if (columns === undefined) throw invalidBody('parse error (not enough input) at ""');
  const rows = records
    .filter((record) => record.length > 1 || record[0] !== '')
    .map((record) => {
      if (record.length !== columns.length) throw invalidBody('All lines must have same number of fields');
      return Object.fromEntries(columns.map((column, i) => [column, cellValue(record[i])]));
    });
  return { columns, rows };
};

const cellValue = (text: string | undefined): string | null => (text === undefined || text === 'NULL' ? null : text);
