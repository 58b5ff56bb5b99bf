-- The last event from which anything was concluded. Leans on events_decided.
select coalesce(max(cause), 0) from events where type = 'decided'
