-- Which process a worker pool lives in, so that whoever is on the same machine sees at once that it is gone.
alter table jobs.workers
  add column machine text,
  add column pid int,
  add column process_started text;
