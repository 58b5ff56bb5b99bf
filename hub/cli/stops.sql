-- The connections to which nothing is written, and why.
select connection, reason from stops where stopped order by connection
