-- How much waits for a person in the inbox, by reason.
select reason, count(*) as count from inbox where settled is null group by reason
order by reason
