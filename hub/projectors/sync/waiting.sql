-- The documents and messages that the flow $1 owes and that wait: for a person, or for room. Asked once
-- for each flow when a day begins.
select id from deliveries where flow = $1 and state = 'owed' and record = '' and link is null
