-- The records of which a person is asked whether they are the same as another.
select item, flow, subject, choices from inbox where settled is null and reason = 'proposal' order by since
