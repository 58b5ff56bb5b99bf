-- timeline_last: by which event a road said it, so that it is known who spoke last of a record. What
-- was kept before this is taken for older than all that comes; `hub replay rebuild` makes it exact.

alter table timeline_last add column position bigint not null default 0;
