-- How many questions and deliveries wait for a person, by reason.
select reason, count(*) as count from inbox where settled is null group by reason
order by reason
