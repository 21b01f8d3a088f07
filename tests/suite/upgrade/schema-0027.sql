PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations VALUES(1,'first','2026-11-22 09:08:04',1,X'd864caac01090c4f240427200442e0a5e476e5ca90e1309d9a283814bd66ef0f2f2f198f36cfa452119d403a9b7f66c7',2383226);
INSERT INTO _sqlx_migrations VALUES(2,'gate','2026-11-22 09:08:04',1,X'655843009dbfa92bdced12bb5f4029a59ce413d676304f30e301c95608a62dbdcc9e5aa8d30acd33153e7050388a6826',445907);
INSERT INTO _sqlx_migrations VALUES(3,'ledger','2026-11-22 09:08:04',1,X'aebb2e1ec60a8fb8f786a46846df27aa984463564ed5c98c46c297e46b48c46563fa41a4df991163ab430ae7540eef40',662510);
INSERT INTO _sqlx_migrations VALUES(4,'delivery','2026-11-22 09:08:04',1,X'269da899db38774576d3b3fc77ff148d933211b70832ee80bc1a1098cae4fdfadcda125195e98315a3092297be0ddd32',6483748);
INSERT INTO _sqlx_migrations VALUES(6,'plans','2026-11-22 09:08:04',1,X'8310c37df13ba56e07fe0febad1f6041714726cf451fe5fc2ac8f7a7516c898b8f41f08e7a6e8e96d1a8c6d0f8a3b8ce',949420);
INSERT INTO _sqlx_migrations VALUES(8,'receipts','2026-11-22 09:08:04',1,X'15f2831f9cab1cb3ee7d6a2341d54955ed52828a7699b0dc9fcd4298327d0ba9d2690d8a545fe4009a8cfc9ddd8e01f4',554346);
INSERT INTO _sqlx_migrations VALUES(16,'schedules','2026-11-22 09:08:04',1,X'3218cd92892e8d36fad3fa329ad14293af9713d94dc9d4eeccccadfd8f0c4aac446a6eb500036febe10bc2999f997cd1',608971);
INSERT INTO _sqlx_migrations VALUES(18,'awaited','2026-11-22 09:08:04',1,X'be5ea3075b923448ff6ec9d7561fcccf2a941cedb75206fd1a3a4fb6e89c4dbdfdefa720532afadd3c10ca874e709a55',313519);
INSERT INTO _sqlx_migrations VALUES(19,'protection','2026-11-22 09:08:04',1,X'cfaa065093a8c6b14898e554abe2d37dd0159ff3f6a64a4da07d72a9f676077db02a27f60a3c2ff6ce7cab9f1a6723f9',402738);
INSERT INTO _sqlx_migrations VALUES(24,'offices','2026-11-22 09:08:04',1,X'827d9f28aee77e7045bf2a8e0e2f1a18ba7f25e165f8cbab73beb4d34639403c85c75ef3b2a739b29ec194ae172a08dd',868057);
INSERT INTO _sqlx_migrations VALUES(26,'shared envelopes','2026-11-22 09:08:04',1,X'225aac3654fe14364f6c9e0c8bf0ca41fcd4d7f26f003126a9e89f80b8619077b03d7125a7fa49c3db6d334564701abe',441196);
INSERT INTO _sqlx_migrations VALUES(27,'staff sheets','2026-11-22 09:08:04',1,X'd6e4fd8bbba9379fdf39592883d3066e575fddf732e4b27adb934f5f4a9179a3fac32b41de4e922d8473403618797730',548102);
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO installation VALUES('key-check','4550310afa3529552b7fb91a56e2d8555c7daa69c6d6871a0833f205dc8b09092c8801f0b105edc2d61a5a232747ab4923e30235d9');
CREATE TABLE child (
    child_id TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    program_number TEXT NOT NULL,
    record TEXT NOT NULL,
    record_hash TEXT NOT NULL,
    revision BIGINT NOT NULL CHECK (revision > 0),
    imported_at TEXT NOT NULL
);
INSERT INTO child VALUES('c-0405','Lily Chen-Baker','lily chen-baker','26-0405','{"schema":1,"child_id":"c-0405","program_number":"26-0405","child":{"legal_name":{"first":"Lily","middle":"Mei","last":"Chen-Baker"},"birth_date":"2024-10-30","gestational_age_weeks":38,"residence_county":"City of Norfolk","residence_lea":"norfolk-schools","home_language":"en","mode_of_communication":"spoken English, some Mandarin","interpreter_needed":false},"family":[{"person_id":"0405-mother","name":{"first":"Grace","last":"Chen"},"relationship":"mother","parent_role":"parent","may_consent":true,"may_receive_records":true,"preferred_language":"en","endpoints":[{"endpoint_id":"0405-mail","address":{"kind":"email","to":"grace.chen@example.org","protection":{"kind":"plain_with_warning","warned_on":"2026-10-07","warning_version":"2026-1"}},"verified_on":"2026-10-07","verified_how":"read back at intake"},{"endpoint_id":"0405-post","address":{"kind":"postal","lines":["9127 Pelican Walk","Norfolk, VA 23503"]},"verified_on":"2026-10-07","verified_how":"read back at intake"}],"preferred_endpoint":"0405-mail","telephone":"(757) 555-0128","wants_reminders":true},{"person_id":"0405-father","name":{"first":"Robert","last":"Baker"},"relationship":"father","parent_role":"parent","may_consent":true,"may_receive_records":true,"preferred_language":"en","endpoints":[{"endpoint_id":"0405-mail-2","address":{"kind":"email","to":"robert.baker@example.org","protection":{"kind":"plain_with_warning","warned_on":"2026-10-07","warning_version":"2026-1"}},"verified_on":"2026-10-07","verified_how":"read back at intake"},{"endpoint_id":"0405-post-2","address":{"kind":"postal","lines":["9127 Pelican Walk","Norfolk, VA 23503"]},"verified_on":"2026-10-07","verified_how":"read back at intake"}],"preferred_endpoint":"0405-mail-2","telephone":"(757) 555-0129","wants_reminders":false}],"coordinators":[{"person_id":"jenni-alvarez","from":"2026-10-01"}],"referral":{"event_id":"0405-referral","received_on":"2026-09-30","source":"Ocean View Family Practice, Dr. Lindqvist","source_organisation":"oceanview-family","first_contact_on":"2026-10-02"},"evaluations":[{"event_id":"0405-evaluation","kind":"evaluation","on":"2026-10-20","instruments":["Early Learning Accomplishment Profile (E-LAP)","Rossetti Infant-Toddler Language Scale","Peabody Developmental Motor Scales, Third Edition (PDMS-3)","Observation at home and on the playground"],"performed_by":["Priya Nair, M.S., CCC-SLP, Bayside Therapy","Tom Keller, PT, DPT, Bayside Therapy"],"eligibility_basis":"More than 25 % delay in communication and in physical development (large movements)","eligible":true}],"proposals":[{"event_id":"0405-proposal-instruction","decided_on":"2026-11-18","action":"begin","matter":"service","service_line_id":"0405-instruction","what":"Begin special instruction two times a month, at the playgroup","reasons":"At the playgroup Lily stays beside the other children and watches them. She plays with one toy at a time and puts it down after a minute or two. In her evaluation she was more than 25 % behind in talking and in large movements, and words come most easily in play with others.\n\nAna Duarte can come to the playgroup two mornings a month. She would show you, and the helpers there, small ways to draw Lily into the play of the others.\n\nWe also thought about waiting until speech therapy has had its effect. We do not think that this is better, because the playgroup is where Lily meets other children every week.","effective_on":"2026-12-17"}],"physicians":[{"organisation_id":"oceanview-family","person_id":"dr-lindqvist","from":"2024-11-04","requests":[{"text":"Please send the result of the hearing check that was planned for Lily’s two-year visit on November 3.","by":"2026-12-08"}]}],"assignments":[{"event_id":"0405-assign-coordination","organisation_id":"tidewater","person_id":"jenni-alvarez","role":"coordinate","from":"2026-10-01"},{"event_id":"0405-assign-evaluation","organisation_id":"bayside-therapy","role":"evaluate","from":"2026-10-08","to":"2026-11-10"},{"event_id":"0405-assign-speech","organisation_id":"bayside-therapy","person_id":"priya-nair","role":"deliver","service_line_id":"0405-speech","from":"2026-11-10"}],"releases":[{"release_id":"0405-release-oceanview","signed_by":"0405-mother","signed_on":"2026-11-10","recipients":[{"organisation_id":"oceanview-family","person_id":"dr-lindqvist","initials":"G. C."}],"classes":["plan"],"purpose":"So that Dr. Lindqvist knows which outcomes and services Lily has; nothing else is to be sent","expires_on":"2027-11-09","explained_in":"English"}],"court_orders":[],"ifsps":[{"ifsp_id":"ifsp-0405","version":1,"kind":"initial","status":"in_effect","meeting_event_id":"0405-first-meeting","meeting_on":"2026-11-10","meeting_method":"At the family’s home, in the evening","meeting_language":"en","period_end":"2027-11-09","participants":[{"name":"Grace Chen","role":"parent","attendance":"in_person"},{"name":"Robert Baker","role":"parent","attendance":"in_person"},{"name":"Jenni Alvarez, M.S.W.","role":"service coordinator","attendance":"in_person"},{"name":"Priya Nair, M.S., CCC-SLP","role":"evaluator and speech-language pathologist","attendance":"in_person"},{"name":"Tom Keller, PT, DPT","role":"evaluator","attendance":"phone"}],"present_levels":{"physical":{"narrative":"Lily has walked since she was eighteen months old, with her feet wide apart and her arms a little raised. She walks the length of the beach path holding a finger and about fifty steps alone before she sits down. On sand and grass she falls every few minutes, lands on her hands and gets up by herself. When she is excited she goes up on her toes. She climbs stairs on hands and knees, comes down on her seat, and does not yet run or jump. On the playground she stops at the edge of the rubber surface and asks to be lifted over a step no higher than a book.\n\nHer hands are nimble. She threads large beads, turns single pages, snips at paper with play scissors, and peels the stickers from fruit. She holds a crayon between thumb and fingers and makes circles.","source":"PDMS-3, October 20, 2026: Tom Keller, PT, DPT (Bayside Therapy)","result":"Large movements: age equivalent 17 months at 23 months; 26 % delay. Hands: age equivalent 24 months; no delay"},"vision":{"narrative":"Lily looks at books with very small pictures and finds the ladybug on every page. She notices gulls far out over the water and a thread on the carpet. Her eyes move together and stay straight. She steps down from a curb only with a hand, yet she sees it in time and stops. Her parents have no concerns about her eyes.","source":"Parent report and observation, October 20, 2026"},"hearing":{"narrative":"Lily passed the newborn hearing screening. She turns to her name nine times out of ten, dances when music plays in the next room, and repeats the beep of the dishwasher. She has had two ear infections, both in her first year. A hearing check was planned for her two-year visit to the doctor on November 3; its result is not here yet.","source":"Parent report, October 20 and November 10, 2026"},"health":{"narrative":"Lily was born two weeks before her due date, weighed 6 pounds 2 ounces and went home after two days. She has been a healthy child: a few colds, the two ear infections, and a sprained ankle in March that healed in ten days. Her parents report that her vaccinations are up to date, that she weighed 24 pounds in August, and that Dr. Lindqvist has looked at her hips and feet and found them sound. She is allergic to amoxicillin, an antibiotic, which gave her hives; this stands in every note that goes to a new place. She takes no medicine. She sleeps from half past seven to six and naps for two hours. She has been to the dentist once, in June, and all was well.","source":"Parent report, October 20, 2026"},"cognitive":{"narrative":"Lily is a planner. She carried a stool to the shelf, looked, came back for the cushion, and put it on top before climbing. She sorts shells into three bowls by kind and puts each one right when her father slips in a wrong one to tease her. She matches pictures to objects, fits twelve pieces into their places in a puzzle tray, and knows red and yellow by pointing. She pretends that a block is a telephone, listens and nods. She follows a recipe with her father, one step at a time, and remembers that the egg comes after the flour. With a new toy she watches first, often for minutes, and then does it without a mistake. She gives up quickly when something calls for a jump, a kick or a climb, so tasks that involve moving make her look younger in her thinking than she is.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 21 months at 23 months; 9 % delay"},"communication":{"narrative":"Lily says about eighteen words, eleven in English and seven in Mandarin. Most are names: “ball,” “gull,” “Baba,” “māma,” “bàobao” for a hug. She does not put two together yet. Words come one at a time, with long pauses, and many begin with d: “dall” for ball, “dull” for gull. Her parents understand three of four; people outside the family, one of four.\n\nShe understands what is said to her in both languages, including “Put the small shell in the blue bowl.” She points to show things, nods, and uses nine signs that she learned from a library class, “more” and “help” among them. She starts about two exchanges in ten minutes, fewer with people she does not know, and falls silent when two people speak at once. If she is not understood she tries once more, then lets it go and walks away, so it is easy to miss how much she wanted to say.","source":"Rossetti and E-LAP, October 20, 2026: Priya Nair, M.S., CCC-SLP (Bayside Therapy)","result":"Age equivalent 16 months at 23 months; 30 % delay (understanding 22 months, speaking 13 months)"},"social_emotional":{"narrative":"Lily takes her time with people. For twenty minutes she looked at Priya from behind her father’s knee; then she put one shell in Priya’s hand and closed her fingers over it. From there on they were friends. She is tender with dolls, with the neighbor’s cat and with a cousin who is still a baby. With her parents she is playful and teases: she offers a cracker and eats it herself. In a group she stays at the edge. At story time she sits on the last cushion and joins in the movements afterward, at home. On the playground other children rush past and she comes back to hold a hand. She rarely cries; when it gets too much she puts her hands over her eyes. She is comforted by being carried and by being told what happens next.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 20 months at 23 months; 13 % delay"},"adaptive":{"narrative":"Lily eats nearly everything, tofu and olives included, with a spoon and, on noodles, with both hands. She drinks from an open cup. She takes off shoes, socks and her jacket if the zipper is opened, and finds the armholes of a dress by herself. She washes her hands at a low basin and brushes her teeth for as long as a song lasts. She sits on the potty once a day because she likes the book that lies there, and has used it twice. She lets the grown-up know about a wet diaper by the sign for “change.” She carries her plate to the counter. She wants to be lifted into her car seat, her high chair and the bath, although she could climb into the first two with a hand behind her. She goes to sleep alone with a stuffed whale.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 20 months at 23 months; 13 % delay"}},"family":{"concurrence":"declined"},"daily_routines":"Lily wakes at six and looks at books in her bed until she hears the coffee mill. Her mother has breakfast with her and speaks Mandarin then; it is their hour. Grace leaves at eight, and the day belongs to Lily and her father. They bake or sort shells, walk to the beach before the wind comes up, and bring home what they find. On Tuesdays they go to story time at the library in Ocean View, on Thursdays to the playground behind it, unless it is crowded.\n\nLunch is at noon, then comes a long nap. In the afternoon Robert works in the garage with the door open, and Lily paints stones at the small table beside him. Grace is home at half past five. The three cook and eat together; Lily has her own board and a blunt knife. Bath is short, books are long, one parent each evening, and the light is out at half past seven. The hardest place is the playground, the second hardest a room with many children.","outcomes":[{"number":1,"benefits":"child","statement":"Lily tells us about what she finds, with two words together, and goes on telling when somebody does not understand.","routine":"Walks on the beach, sorting shells, and dinner, when her mother asks what they found.","criteria":"At four dinners in a week, three weeks in a row, Lily tells her mother about the day with at least three pairs of words or of a word and a sign, such as “big gull” or “more shell,” in either language. When she is not understood she tries a second way, by sign, by showing or by another word, half of the time.","procedures":"Priya coaches Robert on the morning walk and Grace at breakfast. The grown-up picks up Lily’s one word and gives it back as two, once, without asking for a repeat: “Gull.” “Big gull.” One treasure a day goes into a small box and is opened at dinner, so that there is something to tell. When Lily is not understood, the grown-up shows that it matters: “Show me.” Signs stay as long as she uses them. Priya plays with sounds made by the lips, b, p and m, at the bathroom mirror with kisses and bubbles, and never corrects a word. Grace keeps a list of pairs on the refrigerator, and Priya looks at it every second week.","timeline":"First pairs by February 2027; the criteria by the six-month review on May 11, 2027.","preliteracy":false},{"number":2,"benefits":"child","statement":"Lily joins in when other children play, in her own time, and lets them know what she wants.","routine":"Story time on Tuesdays, and afternoons with one other child.","criteria":"At three story times in a row Lily sits inside the circle and takes part in at least two songs while they happen. With one child whom she knows she plays side by side for fifteen minutes and gives, takes or asks at least four times, by word or sign.","procedures":"Robert and Lily come ten minutes early, when the room is empty, and choose a cushion in the second row, later in the first. They practice the songs of the coming week at home. Robert invites one quiet child at a time, always with the same things to do: shells, water, dough. He sits close, says in few words what will happen next, and moves back when the two are busy. Priya visits story time once in two months to see what helps. If the parents decide for special instruction, Ana will guide this in a small playgroup; if they do not, the outcome stays and the parents go on as described.","timeline":"By the six-month review on May 11, 2027.","preliteracy":true},{"number":3,"benefits":"child","statement":"At the playground Lily steps over, climbs up and slides down by herself, so that she wants to stay.","routine":"The playground behind the library on Thursdays, the beach path, and stairs at home.","criteria":"On three Thursdays in a row Lily steps onto the rubber surface without being lifted, climbs the three steps of the small slide with one hand held, and stays for twenty minutes. At home she walks up five stairs holding the rail.","procedures":"Her parents chose to work on this themselves for now. They go on Thursdays at half past nine, when the playground is empty, barefoot in summer and in firm low shoes in winter. They let Lily climb into her chair and car seat with a hand behind her, walk barefoot in soft sand for ten minutes of each walk, and lay a row of cushions in the hallway to step over. Robert notes on the calendar each Thursday how many minutes she stayed. Tom gave them his page on what to look for; should Lily fall more often, or walk on her toes most of the day, they will call Jenni without waiting for the review.","timeline":"Looked at together in February 2027 and at the six-month review on May 11, 2027, when physical therapy is offered again.","preliteracy":false},{"number":4,"benefits":"family","statement":"We decide with all the facts in hand which help Lily gets, and we can change our minds.","routine":"Monthly calls with Jenni, and evenings when both parents are at home.","criteria":"By December 18, 2026, Grace and Robert have met Ana, have seen a playgroup, and have said yes or no to special instruction. At each monthly call both can say what each service would do and what it would ask of them.","procedures":"Jenni arranges for Robert and Lily to visit Ana’s playgroup on December 2, with no paper to sign and no record kept of the visit beyond the date. Ana answers the parents’ questions on the telephone beforehand if they like. Jenni sends one page for each service that was offered: what happens in an hour, what the research says in plain words, and what the family does between visits. She does not press. A no is written down as a no and does not change the other services. She asks again once, at the six-month review, or earlier when the parents ask her.","timeline":"Decision on special instruction by December 18, 2026; physical therapy again on May 11, 2027.","preliteracy":false}],"services":[{"service_line_id":"0405-speech","service":"speech_language","outcomes":[1,2],"session_minutes":45,"sessions":1,"per":"week","intensity":"individual","method":"Coaching both parents on walks, at breakfast and in play, in two languages","setting":"home","location":"The family’s home and the beach path, Mondays at nine; once a month at half past seven for breakfast with Grace","projected_start":"2026-11-23","duration_end":"2027-11-09","provider_organisation":"bayside-therapy","provider_person":"priya-nair","payment":["private_insurance","family_fee"],"consent":{"status":"given","on":"2026-11-10","by":"0405-mother"}},{"service_line_id":"0405-pt","service":"physical_therapy","outcomes":[3],"session_minutes":45,"sessions":2,"per":"month","intensity":"individual","method":"Coaching the parents in balance, steps and climbing on the playground","setting":"community","location":"The playground behind the library in Ocean View","projected_start":"2026-12-03","duration_end":"2027-11-09","provider_organisation":"bayside-therapy","provider_person":"tom-keller","payment":["private_insurance","family_fee"],"consent":{"status":"declined","on":"2026-11-10","by":"0405-mother"}},{"service_line_id":"0405-instruction","service":"special_instruction","outcomes":[2],"session_minutes":60,"sessions":2,"per":"month","intensity":"group","method":"Guiding Lily and one parent in a playgroup of four children","setting":"community","location":"The playgroup in the Ocean View community center, Wednesdays at half past ten","projected_start":"2027-01-06","duration_end":"2027-11-09","provider_organisation":"harbor-kids","provider_person":"ana-duarte","payment":["part_c"],"consent":{"status":"open"}},{"service_line_id":"0405-coordination","service":"service_coordination","outcomes":[1,2,3,4],"session_minutes":45,"sessions":1,"per":"month","intensity":"individual","method":"One call or visit a month, and plain pages on each service that was offered","setting":"home","location":"The family’s home, or by telephone after eight in the evening","projected_start":"2026-11-10","duration_end":"2027-11-09","actual_first_date":"2026-11-10","provider_organisation":"tidewater","provider_person":"jenni-alvarez","payment":["none"],"consent":{"status":"given","on":"2026-11-10","by":"0405-mother"}}],"other_services":[{"name":"Checkups and care when Lily is ill","provider":"Ocean View Family Practice, Dr. Lindqvist","funding":"Private insurance","status":"receiving"},{"name":"Toddler swimming with a parent","provider":"Neighborhood pool, Saturday course","funding":"Paid by the family; a sliding fee is offered","status":"needed","steps":"The course that begins on January 9 has two places left. Robert signs Lily up by December 5. Jenni sends him the pool’s page on the sliding fee and on warm-water hours. The parents tell the teacher about Lily’s careful way of starting and about her allergy to amoxicillin."}],"service_coordinator":"jenni-alvarez","transition_steps":[{"text":"Explain to Grace and Robert what happens when Lily turns three on October 30, 2027, and give them in writing what the school district would be told, when, and how they may object.","responsible":"Jenni Alvarez","due_on":"2027-01-15"},{"text":"Ask the parents whether they want a conference, and with whom. It could be held between the end of January and the beginning of August 2027.","responsible":"Jenni Alvarez","due_on":"2027-02-26"},{"text":"Visit two preschools near the house that take three-year-olds, one of them with a Mandarin-speaking teacher, in a quiet hour and once more in a busy one.","responsible":"Grace Chen and Robert Baker","due_on":"2027-04-30"},{"text":"Write one page with the parents about how Lily warms up to a new room, and what helps.","responsible":"Robert Baker, with Priya Nair","due_on":"2027-08-31"}],"explained_on":"2026-11-10","signature":{"person_id":"0405-mother","on":"2026-11-10","method":"electronic"}}],"contacts":[{"event_id":"0405-intake","author":"jenni-alvarez","on":"2026-10-07","method":"in_person","outcome":"reached","present":["Grace Chen","Robert Baker","Lily"],"minutes":75,"topic":"Intake in the evening, so that both parents could be there","narrative":"Both parents had read our web page closely and had a list of eleven questions, mostly about who sees what. I explained each kind of paper, who receives it, and that they may leave family information out of the plan; they will. Both addresses were read back. Each heard the warning about ordinary e-mail and prefers it. Grace signed consent for the evaluation. They asked that the playground be part of it, because the house shows Lily at her best. Lily sorted my pens by color from behind the armchair and returned them one by one.","decisions":["Evaluation on October 20 at home and then on the playground","No family information in the plan"],"follow_ups":[{"text":"Tell Bayside Therapy that half of the evaluation takes place on the playground","owner":"Jenni Alvarez","due_on":"2026-10-09","done_on":"2026-10-08"}],"signed_on":"2026-10-08","share_with":["family"]},{"event_id":"0405-plan-meeting","author":"jenni-alvarez","on":"2026-11-10","method":"in_person","outcome":"reached","present":["Grace Chen","Robert Baker","Priya Nair","Tom Keller (telephone)","Lily until half past seven"],"minutes":110,"topic":"Lily’s first plan: one yes, one no, one not yet","narrative":"We took the services one by one. Speech therapy is a yes from both. Tom explained on the telephone why he recommends physical therapy; Grace thanked him and declined it for now, since she wants to see what the playground, the sand and the swimming course do by spring. Robert would have tried it and agreed to wait. About special instruction they are open; Robert wants to meet Ana and see a playgroup first. I wrote each answer as it was given and said that it may change on any day. Grace signed the release for Dr. Lindqvist for the plan only. They crossed out the other five kinds of record themselves.","decisions":["Speech therapy every week from November 23","Physical therapy declined for now; offered again on May 11, 2027","Special instruction: decision by December 18 after a visit to the playgroup"],"follow_ups":[{"text":"Arrange the visit to the playgroup on December 2","owner":"Jenni Alvarez","due_on":"2026-11-20","done_on":"2026-11-19"},{"text":"Send the pages on physical therapy and special instruction","owner":"Jenni Alvarez","due_on":"2026-11-24"},{"text":"Sign up for Saturday swimming","owner":"Robert Baker","due_on":"2026-12-05"}],"signed_on":"2026-11-11","share_with":["family"]},{"event_id":"0405-call-playgroup","author":"jenni-alvarez","on":"2026-11-19","method":"phone","outcome":"reached","present":["Robert Baker"],"minutes":15,"topic":"The visit to the playgroup is arranged","narrative":"I asked Harbor Kids, without a name, whether a family may look in on the Wednesday playgroup on December 2; they may. Robert asked how many children there are (four at most), whether he stays (yes), and whether he must tell anybody why they come (no). He will bring the shells. At breakfast on Sunday Lily put the sign for “more” and the word “gull” together for the first time; Grace has written it on the refrigerator. I told him that consent for special instruction stays open until they decide, and that nothing is sent to Harbor Kids before that.","decisions":["Robert and Lily visit the playgroup on December 2 at half past ten"],"follow_ups":[{"text":"Call after the visit to hear how it was","owner":"Jenni Alvarez","due_on":"2026-12-03"}],"signed_on":"2026-11-19","share_with":["family"]}],"appointments":[{"event_id":"0405-first-speech","kind":"visit","on":"2026-11-23","what":"first speech therapy session, at nine","held":false},{"event_id":"0405-playgroup-visit","kind":"visit","on":"2026-12-02","what":"visit to the playgroup, at half past ten","held":false},{"event_id":"0405-december-call","kind":"visit","on":"2026-12-17","what":"monthly call: special instruction, yes or no","held":false},{"event_id":"0405-six-month-review","kind":"periodic_review","on":"2027-05-11","what":"six-month review","held":false}]}','73053d8b162f5bd0d11f81242c60cea78184d9fac82d495e5191b4e35c889067',1,'2026-11-22T09:08:04.289Z');
CREATE TABLE child_history (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    revision BIGINT NOT NULL,
    record TEXT NOT NULL,
    record_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at TEXT NOT NULL,
    PRIMARY KEY (child_id, revision)
);
INSERT INTO child_history VALUES('c-0405',1,'{"schema":1,"child_id":"c-0405","program_number":"26-0405","child":{"legal_name":{"first":"Lily","middle":"Mei","last":"Chen-Baker"},"birth_date":"2024-10-30","gestational_age_weeks":38,"residence_county":"City of Norfolk","residence_lea":"norfolk-schools","home_language":"en","mode_of_communication":"spoken English, some Mandarin","interpreter_needed":false},"family":[{"person_id":"0405-mother","name":{"first":"Grace","last":"Chen"},"relationship":"mother","parent_role":"parent","may_consent":true,"may_receive_records":true,"preferred_language":"en","endpoints":[{"endpoint_id":"0405-mail","address":{"kind":"email","to":"grace.chen@example.org","protection":{"kind":"plain_with_warning","warned_on":"2026-10-07","warning_version":"2026-1"}},"verified_on":"2026-10-07","verified_how":"read back at intake"},{"endpoint_id":"0405-post","address":{"kind":"postal","lines":["9127 Pelican Walk","Norfolk, VA 23503"]},"verified_on":"2026-10-07","verified_how":"read back at intake"}],"preferred_endpoint":"0405-mail","telephone":"(757) 555-0128","wants_reminders":true},{"person_id":"0405-father","name":{"first":"Robert","last":"Baker"},"relationship":"father","parent_role":"parent","may_consent":true,"may_receive_records":true,"preferred_language":"en","endpoints":[{"endpoint_id":"0405-mail-2","address":{"kind":"email","to":"robert.baker@example.org","protection":{"kind":"plain_with_warning","warned_on":"2026-10-07","warning_version":"2026-1"}},"verified_on":"2026-10-07","verified_how":"read back at intake"},{"endpoint_id":"0405-post-2","address":{"kind":"postal","lines":["9127 Pelican Walk","Norfolk, VA 23503"]},"verified_on":"2026-10-07","verified_how":"read back at intake"}],"preferred_endpoint":"0405-mail-2","telephone":"(757) 555-0129","wants_reminders":false}],"coordinators":[{"person_id":"jenni-alvarez","from":"2026-10-01"}],"referral":{"event_id":"0405-referral","received_on":"2026-09-30","source":"Ocean View Family Practice, Dr. Lindqvist","source_organisation":"oceanview-family","first_contact_on":"2026-10-02"},"evaluations":[{"event_id":"0405-evaluation","kind":"evaluation","on":"2026-10-20","instruments":["Early Learning Accomplishment Profile (E-LAP)","Rossetti Infant-Toddler Language Scale","Peabody Developmental Motor Scales, Third Edition (PDMS-3)","Observation at home and on the playground"],"performed_by":["Priya Nair, M.S., CCC-SLP, Bayside Therapy","Tom Keller, PT, DPT, Bayside Therapy"],"eligibility_basis":"More than 25 % delay in communication and in physical development (large movements)","eligible":true}],"proposals":[{"event_id":"0405-proposal-instruction","decided_on":"2026-11-18","action":"begin","matter":"service","service_line_id":"0405-instruction","what":"Begin special instruction two times a month, at the playgroup","reasons":"At the playgroup Lily stays beside the other children and watches them. She plays with one toy at a time and puts it down after a minute or two. In her evaluation she was more than 25 % behind in talking and in large movements, and words come most easily in play with others.\n\nAna Duarte can come to the playgroup two mornings a month. She would show you, and the helpers there, small ways to draw Lily into the play of the others.\n\nWe also thought about waiting until speech therapy has had its effect. We do not think that this is better, because the playgroup is where Lily meets other children every week.","effective_on":"2026-12-17"}],"physicians":[{"organisation_id":"oceanview-family","person_id":"dr-lindqvist","from":"2024-11-04","requests":[{"text":"Please send the result of the hearing check that was planned for Lily’s two-year visit on November 3.","by":"2026-12-08"}]}],"assignments":[{"event_id":"0405-assign-coordination","organisation_id":"tidewater","person_id":"jenni-alvarez","role":"coordinate","from":"2026-10-01"},{"event_id":"0405-assign-evaluation","organisation_id":"bayside-therapy","role":"evaluate","from":"2026-10-08","to":"2026-11-10"},{"event_id":"0405-assign-speech","organisation_id":"bayside-therapy","person_id":"priya-nair","role":"deliver","service_line_id":"0405-speech","from":"2026-11-10"}],"releases":[{"release_id":"0405-release-oceanview","signed_by":"0405-mother","signed_on":"2026-11-10","recipients":[{"organisation_id":"oceanview-family","person_id":"dr-lindqvist","initials":"G. C."}],"classes":["plan"],"purpose":"So that Dr. Lindqvist knows which outcomes and services Lily has; nothing else is to be sent","expires_on":"2027-11-09","explained_in":"English"}],"court_orders":[],"ifsps":[{"ifsp_id":"ifsp-0405","version":1,"kind":"initial","status":"in_effect","meeting_event_id":"0405-first-meeting","meeting_on":"2026-11-10","meeting_method":"At the family’s home, in the evening","meeting_language":"en","period_end":"2027-11-09","participants":[{"name":"Grace Chen","role":"parent","attendance":"in_person"},{"name":"Robert Baker","role":"parent","attendance":"in_person"},{"name":"Jenni Alvarez, M.S.W.","role":"service coordinator","attendance":"in_person"},{"name":"Priya Nair, M.S., CCC-SLP","role":"evaluator and speech-language pathologist","attendance":"in_person"},{"name":"Tom Keller, PT, DPT","role":"evaluator","attendance":"phone"}],"present_levels":{"physical":{"narrative":"Lily has walked since she was eighteen months old, with her feet wide apart and her arms a little raised. She walks the length of the beach path holding a finger and about fifty steps alone before she sits down. On sand and grass she falls every few minutes, lands on her hands and gets up by herself. When she is excited she goes up on her toes. She climbs stairs on hands and knees, comes down on her seat, and does not yet run or jump. On the playground she stops at the edge of the rubber surface and asks to be lifted over a step no higher than a book.\n\nHer hands are nimble. She threads large beads, turns single pages, snips at paper with play scissors, and peels the stickers from fruit. She holds a crayon between thumb and fingers and makes circles.","source":"PDMS-3, October 20, 2026: Tom Keller, PT, DPT (Bayside Therapy)","result":"Large movements: age equivalent 17 months at 23 months; 26 % delay. Hands: age equivalent 24 months; no delay"},"vision":{"narrative":"Lily looks at books with very small pictures and finds the ladybug on every page. She notices gulls far out over the water and a thread on the carpet. Her eyes move together and stay straight. She steps down from a curb only with a hand, yet she sees it in time and stops. Her parents have no concerns about her eyes.","source":"Parent report and observation, October 20, 2026"},"hearing":{"narrative":"Lily passed the newborn hearing screening. She turns to her name nine times out of ten, dances when music plays in the next room, and repeats the beep of the dishwasher. She has had two ear infections, both in her first year. A hearing check was planned for her two-year visit to the doctor on November 3; its result is not here yet.","source":"Parent report, October 20 and November 10, 2026"},"health":{"narrative":"Lily was born two weeks before her due date, weighed 6 pounds 2 ounces and went home after two days. She has been a healthy child: a few colds, the two ear infections, and a sprained ankle in March that healed in ten days. Her parents report that her vaccinations are up to date, that she weighed 24 pounds in August, and that Dr. Lindqvist has looked at her hips and feet and found them sound. She is allergic to amoxicillin, an antibiotic, which gave her hives; this stands in every note that goes to a new place. She takes no medicine. She sleeps from half past seven to six and naps for two hours. She has been to the dentist once, in June, and all was well.","source":"Parent report, October 20, 2026"},"cognitive":{"narrative":"Lily is a planner. She carried a stool to the shelf, looked, came back for the cushion, and put it on top before climbing. She sorts shells into three bowls by kind and puts each one right when her father slips in a wrong one to tease her. She matches pictures to objects, fits twelve pieces into their places in a puzzle tray, and knows red and yellow by pointing. She pretends that a block is a telephone, listens and nods. She follows a recipe with her father, one step at a time, and remembers that the egg comes after the flour. With a new toy she watches first, often for minutes, and then does it without a mistake. She gives up quickly when something calls for a jump, a kick or a climb, so tasks that involve moving make her look younger in her thinking than she is.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 21 months at 23 months; 9 % delay"},"communication":{"narrative":"Lily says about eighteen words, eleven in English and seven in Mandarin. Most are names: “ball,” “gull,” “Baba,” “māma,” “bàobao” for a hug. She does not put two together yet. Words come one at a time, with long pauses, and many begin with d: “dall” for ball, “dull” for gull. Her parents understand three of four; people outside the family, one of four.\n\nShe understands what is said to her in both languages, including “Put the small shell in the blue bowl.” She points to show things, nods, and uses nine signs that she learned from a library class, “more” and “help” among them. She starts about two exchanges in ten minutes, fewer with people she does not know, and falls silent when two people speak at once. If she is not understood she tries once more, then lets it go and walks away, so it is easy to miss how much she wanted to say.","source":"Rossetti and E-LAP, October 20, 2026: Priya Nair, M.S., CCC-SLP (Bayside Therapy)","result":"Age equivalent 16 months at 23 months; 30 % delay (understanding 22 months, speaking 13 months)"},"social_emotional":{"narrative":"Lily takes her time with people. For twenty minutes she looked at Priya from behind her father’s knee; then she put one shell in Priya’s hand and closed her fingers over it. From there on they were friends. She is tender with dolls, with the neighbor’s cat and with a cousin who is still a baby. With her parents she is playful and teases: she offers a cracker and eats it herself. In a group she stays at the edge. At story time she sits on the last cushion and joins in the movements afterward, at home. On the playground other children rush past and she comes back to hold a hand. She rarely cries; when it gets too much she puts her hands over her eyes. She is comforted by being carried and by being told what happens next.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 20 months at 23 months; 13 % delay"},"adaptive":{"narrative":"Lily eats nearly everything, tofu and olives included, with a spoon and, on noodles, with both hands. She drinks from an open cup. She takes off shoes, socks and her jacket if the zipper is opened, and finds the armholes of a dress by herself. She washes her hands at a low basin and brushes her teeth for as long as a song lasts. She sits on the potty once a day because she likes the book that lies there, and has used it twice. She lets the grown-up know about a wet diaper by the sign for “change.” She carries her plate to the counter. She wants to be lifted into her car seat, her high chair and the bath, although she could climb into the first two with a hand behind her. She goes to sleep alone with a stuffed whale.","source":"E-LAP and parent interview, October 20, 2026: Priya Nair, M.S., CCC-SLP, and Tom Keller, PT, DPT (Bayside Therapy)","result":"Age equivalent 20 months at 23 months; 13 % delay"}},"family":{"concurrence":"declined"},"daily_routines":"Lily wakes at six and looks at books in her bed until she hears the coffee mill. Her mother has breakfast with her and speaks Mandarin then; it is their hour. Grace leaves at eight, and the day belongs to Lily and her father. They bake or sort shells, walk to the beach before the wind comes up, and bring home what they find. On Tuesdays they go to story time at the library in Ocean View, on Thursdays to the playground behind it, unless it is crowded.\n\nLunch is at noon, then comes a long nap. In the afternoon Robert works in the garage with the door open, and Lily paints stones at the small table beside him. Grace is home at half past five. The three cook and eat together; Lily has her own board and a blunt knife. Bath is short, books are long, one parent each evening, and the light is out at half past seven. The hardest place is the playground, the second hardest a room with many children.","outcomes":[{"number":1,"benefits":"child","statement":"Lily tells us about what she finds, with two words together, and goes on telling when somebody does not understand.","routine":"Walks on the beach, sorting shells, and dinner, when her mother asks what they found.","criteria":"At four dinners in a week, three weeks in a row, Lily tells her mother about the day with at least three pairs of words or of a word and a sign, such as “big gull” or “more shell,” in either language. When she is not understood she tries a second way, by sign, by showing or by another word, half of the time.","procedures":"Priya coaches Robert on the morning walk and Grace at breakfast. The grown-up picks up Lily’s one word and gives it back as two, once, without asking for a repeat: “Gull.” “Big gull.” One treasure a day goes into a small box and is opened at dinner, so that there is something to tell. When Lily is not understood, the grown-up shows that it matters: “Show me.” Signs stay as long as she uses them. Priya plays with sounds made by the lips, b, p and m, at the bathroom mirror with kisses and bubbles, and never corrects a word. Grace keeps a list of pairs on the refrigerator, and Priya looks at it every second week.","timeline":"First pairs by February 2027; the criteria by the six-month review on May 11, 2027.","preliteracy":false},{"number":2,"benefits":"child","statement":"Lily joins in when other children play, in her own time, and lets them know what she wants.","routine":"Story time on Tuesdays, and afternoons with one other child.","criteria":"At three story times in a row Lily sits inside the circle and takes part in at least two songs while they happen. With one child whom she knows she plays side by side for fifteen minutes and gives, takes or asks at least four times, by word or sign.","procedures":"Robert and Lily come ten minutes early, when the room is empty, and choose a cushion in the second row, later in the first. They practice the songs of the coming week at home. Robert invites one quiet child at a time, always with the same things to do: shells, water, dough. He sits close, says in few words what will happen next, and moves back when the two are busy. Priya visits story time once in two months to see what helps. If the parents decide for special instruction, Ana will guide this in a small playgroup; if they do not, the outcome stays and the parents go on as described.","timeline":"By the six-month review on May 11, 2027.","preliteracy":true},{"number":3,"benefits":"child","statement":"At the playground Lily steps over, climbs up and slides down by herself, so that she wants to stay.","routine":"The playground behind the library on Thursdays, the beach path, and stairs at home.","criteria":"On three Thursdays in a row Lily steps onto the rubber surface without being lifted, climbs the three steps of the small slide with one hand held, and stays for twenty minutes. At home she walks up five stairs holding the rail.","procedures":"Her parents chose to work on this themselves for now. They go on Thursdays at half past nine, when the playground is empty, barefoot in summer and in firm low shoes in winter. They let Lily climb into her chair and car seat with a hand behind her, walk barefoot in soft sand for ten minutes of each walk, and lay a row of cushions in the hallway to step over. Robert notes on the calendar each Thursday how many minutes she stayed. Tom gave them his page on what to look for; should Lily fall more often, or walk on her toes most of the day, they will call Jenni without waiting for the review.","timeline":"Looked at together in February 2027 and at the six-month review on May 11, 2027, when physical therapy is offered again.","preliteracy":false},{"number":4,"benefits":"family","statement":"We decide with all the facts in hand which help Lily gets, and we can change our minds.","routine":"Monthly calls with Jenni, and evenings when both parents are at home.","criteria":"By December 18, 2026, Grace and Robert have met Ana, have seen a playgroup, and have said yes or no to special instruction. At each monthly call both can say what each service would do and what it would ask of them.","procedures":"Jenni arranges for Robert and Lily to visit Ana’s playgroup on December 2, with no paper to sign and no record kept of the visit beyond the date. Ana answers the parents’ questions on the telephone beforehand if they like. Jenni sends one page for each service that was offered: what happens in an hour, what the research says in plain words, and what the family does between visits. She does not press. A no is written down as a no and does not change the other services. She asks again once, at the six-month review, or earlier when the parents ask her.","timeline":"Decision on special instruction by December 18, 2026; physical therapy again on May 11, 2027.","preliteracy":false}],"services":[{"service_line_id":"0405-speech","service":"speech_language","outcomes":[1,2],"session_minutes":45,"sessions":1,"per":"week","intensity":"individual","method":"Coaching both parents on walks, at breakfast and in play, in two languages","setting":"home","location":"The family’s home and the beach path, Mondays at nine; once a month at half past seven for breakfast with Grace","projected_start":"2026-11-23","duration_end":"2027-11-09","provider_organisation":"bayside-therapy","provider_person":"priya-nair","payment":["private_insurance","family_fee"],"consent":{"status":"given","on":"2026-11-10","by":"0405-mother"}},{"service_line_id":"0405-pt","service":"physical_therapy","outcomes":[3],"session_minutes":45,"sessions":2,"per":"month","intensity":"individual","method":"Coaching the parents in balance, steps and climbing on the playground","setting":"community","location":"The playground behind the library in Ocean View","projected_start":"2026-12-03","duration_end":"2027-11-09","provider_organisation":"bayside-therapy","provider_person":"tom-keller","payment":["private_insurance","family_fee"],"consent":{"status":"declined","on":"2026-11-10","by":"0405-mother"}},{"service_line_id":"0405-instruction","service":"special_instruction","outcomes":[2],"session_minutes":60,"sessions":2,"per":"month","intensity":"group","method":"Guiding Lily and one parent in a playgroup of four children","setting":"community","location":"The playgroup in the Ocean View community center, Wednesdays at half past ten","projected_start":"2027-01-06","duration_end":"2027-11-09","provider_organisation":"harbor-kids","provider_person":"ana-duarte","payment":["part_c"],"consent":{"status":"open"}},{"service_line_id":"0405-coordination","service":"service_coordination","outcomes":[1,2,3,4],"session_minutes":45,"sessions":1,"per":"month","intensity":"individual","method":"One call or visit a month, and plain pages on each service that was offered","setting":"home","location":"The family’s home, or by telephone after eight in the evening","projected_start":"2026-11-10","duration_end":"2027-11-09","actual_first_date":"2026-11-10","provider_organisation":"tidewater","provider_person":"jenni-alvarez","payment":["none"],"consent":{"status":"given","on":"2026-11-10","by":"0405-mother"}}],"other_services":[{"name":"Checkups and care when Lily is ill","provider":"Ocean View Family Practice, Dr. Lindqvist","funding":"Private insurance","status":"receiving"},{"name":"Toddler swimming with a parent","provider":"Neighborhood pool, Saturday course","funding":"Paid by the family; a sliding fee is offered","status":"needed","steps":"The course that begins on January 9 has two places left. Robert signs Lily up by December 5. Jenni sends him the pool’s page on the sliding fee and on warm-water hours. The parents tell the teacher about Lily’s careful way of starting and about her allergy to amoxicillin."}],"service_coordinator":"jenni-alvarez","transition_steps":[{"text":"Explain to Grace and Robert what happens when Lily turns three on October 30, 2027, and give them in writing what the school district would be told, when, and how they may object.","responsible":"Jenni Alvarez","due_on":"2027-01-15"},{"text":"Ask the parents whether they want a conference, and with whom. It could be held between the end of January and the beginning of August 2027.","responsible":"Jenni Alvarez","due_on":"2027-02-26"},{"text":"Visit two preschools near the house that take three-year-olds, one of them with a Mandarin-speaking teacher, in a quiet hour and once more in a busy one.","responsible":"Grace Chen and Robert Baker","due_on":"2027-04-30"},{"text":"Write one page with the parents about how Lily warms up to a new room, and what helps.","responsible":"Robert Baker, with Priya Nair","due_on":"2027-08-31"}],"explained_on":"2026-11-10","signature":{"person_id":"0405-mother","on":"2026-11-10","method":"electronic"}}],"contacts":[{"event_id":"0405-intake","author":"jenni-alvarez","on":"2026-10-07","method":"in_person","outcome":"reached","present":["Grace Chen","Robert Baker","Lily"],"minutes":75,"topic":"Intake in the evening, so that both parents could be there","narrative":"Both parents had read our web page closely and had a list of eleven questions, mostly about who sees what. I explained each kind of paper, who receives it, and that they may leave family information out of the plan; they will. Both addresses were read back. Each heard the warning about ordinary e-mail and prefers it. Grace signed consent for the evaluation. They asked that the playground be part of it, because the house shows Lily at her best. Lily sorted my pens by color from behind the armchair and returned them one by one.","decisions":["Evaluation on October 20 at home and then on the playground","No family information in the plan"],"follow_ups":[{"text":"Tell Bayside Therapy that half of the evaluation takes place on the playground","owner":"Jenni Alvarez","due_on":"2026-10-09","done_on":"2026-10-08"}],"signed_on":"2026-10-08","share_with":["family"]},{"event_id":"0405-plan-meeting","author":"jenni-alvarez","on":"2026-11-10","method":"in_person","outcome":"reached","present":["Grace Chen","Robert Baker","Priya Nair","Tom Keller (telephone)","Lily until half past seven"],"minutes":110,"topic":"Lily’s first plan: one yes, one no, one not yet","narrative":"We took the services one by one. Speech therapy is a yes from both. Tom explained on the telephone why he recommends physical therapy; Grace thanked him and declined it for now, since she wants to see what the playground, the sand and the swimming course do by spring. Robert would have tried it and agreed to wait. About special instruction they are open; Robert wants to meet Ana and see a playgroup first. I wrote each answer as it was given and said that it may change on any day. Grace signed the release for Dr. Lindqvist for the plan only. They crossed out the other five kinds of record themselves.","decisions":["Speech therapy every week from November 23","Physical therapy declined for now; offered again on May 11, 2027","Special instruction: decision by December 18 after a visit to the playgroup"],"follow_ups":[{"text":"Arrange the visit to the playgroup on December 2","owner":"Jenni Alvarez","due_on":"2026-11-20","done_on":"2026-11-19"},{"text":"Send the pages on physical therapy and special instruction","owner":"Jenni Alvarez","due_on":"2026-11-24"},{"text":"Sign up for Saturday swimming","owner":"Robert Baker","due_on":"2026-12-05"}],"signed_on":"2026-11-11","share_with":["family"]},{"event_id":"0405-call-playgroup","author":"jenni-alvarez","on":"2026-11-19","method":"phone","outcome":"reached","present":["Robert Baker"],"minutes":15,"topic":"The visit to the playgroup is arranged","narrative":"I asked Harbor Kids, without a name, whether a family may look in on the Wednesday playgroup on December 2; they may. Robert asked how many children there are (four at most), whether he stays (yes), and whether he must tell anybody why they come (no). He will bring the shells. At breakfast on Sunday Lily put the sign for “more” and the word “gull” together for the first time; Grace has written it on the refrigerator. I told him that consent for special instruction stays open until they decide, and that nothing is sent to Harbor Kids before that.","decisions":["Robert and Lily visit the playgroup on December 2 at half past ten"],"follow_ups":[{"text":"Call after the visit to hear how it was","owner":"Jenni Alvarez","due_on":"2026-12-03"}],"signed_on":"2026-11-19","share_with":["family"]}],"appointments":[{"event_id":"0405-first-speech","kind":"visit","on":"2026-11-23","what":"first speech therapy session, at nine","held":false},{"event_id":"0405-playgroup-visit","kind":"visit","on":"2026-12-02","what":"visit to the playgroup, at half past ten","held":false},{"event_id":"0405-december-call","kind":"visit","on":"2026-12-17","what":"monthly call: special instruction, yes or no","held":false},{"event_id":"0405-six-month-review","kind":"periodic_review","on":"2027-05-11","what":"six-month review","held":false}]}','73053d8b162f5bd0d11f81242c60cea78184d9fac82d495e5191b4e35c889067','children/c-0405.json','2026-11-22T09:08:04.289Z');
CREATE TABLE child_key (
    child_id TEXT PRIMARY KEY,
    wrapped BLOB NOT NULL
);
INSERT INTO child_key VALUES('c-0405',X'4550310a8d91b81997aeb80df4b82a38b84050eedc1ab819c072b0cd2a1b9e90f400c91b79cda8412c8c4e683dcf39708cccea6aa9b7d0f4cd08cf91c1ff6852551fc582dbc4a9db1db40548');
CREATE TABLE ifsp_version (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    ifsp_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (child_id, ifsp_id, version)
);
INSERT INTO ifsp_version VALUES('c-0405','ifsp-0405',1,'739b67bc6117017e52dbf23c796c8d7e976385bad0212d420baccc3abfca2d9e');
CREATE TABLE directory (
    revision BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    imported_at TEXT NOT NULL
);
INSERT INTO directory VALUES(1,'{"schema":1,"organisations":[{"organisation_id":"tidewater","name":"Tidewater Early Steps","kind":"local_program","telephone":"(757) 555-0140"},{"organisation_id":"bayside-therapy","name":"Bayside Therapy","kind":"eis_provider","telephone":"(757) 555-0150","endpoints":[{"endpoint_id":"bayside-mail","address":{"kind":"email","to":"intake@bayside-therapy.example.org","protection":{"kind":"tls_required"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"},{"endpoint_id":"bayside-post","address":{"kind":"postal","lines":["815 Laskin Road","Virginia Beach, VA 23451"]},"verified_on":"2026-09-01","verified_how":"from the practice''s web page","verified_by":"J. Alvarez"}],"offers":{"services":["speech_language","physical_therapy","occupational_therapy"],"accepts_families":true,"checked_on":"2026-11-16","languages":["es"]}},{"organisation_id":"harbor-kids","name":"Harbor Kids Developmental Services","kind":"eis_provider","telephone":"(757) 555-0155","endpoints":[{"endpoint_id":"harbor-direct","address":{"kind":"email","to":"referrals@direct.harbor-kids.example.org","protection":{"kind":"direct"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"}],"offers":{"services":["special_instruction","speech_language","family_training"],"accepts_families":true,"checked_on":"2026-11-16"}},{"organisation_id":"coastal-ot","name":"Coastal Occupational Therapy","kind":"eis_provider","telephone":"(757) 555-0170","endpoints":[{"endpoint_id":"coastal-fax","address":{"kind":"fax","number":"(757) 555-0171"},"verified_on":"2026-09-01","verified_how":"test page confirmed by telephone","verified_by":"J. Alvarez"}],"offers":{"services":["occupational_therapy"],"accepts_families":false,"checked_on":"2026-11-17"}},{"organisation_id":"ghent-pediatrics","name":"Ghent Pediatrics","kind":"primary_care","telephone":"(757) 555-0160","endpoints":[{"endpoint_id":"ghent-direct","address":{"kind":"email","to":"records@direct.ghent-pediatrics.example.org","protection":{"kind":"direct"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"},{"endpoint_id":"ghent-fax","address":{"kind":"fax","number":"(757) 555-0161"},"verified_on":"2026-09-01","verified_how":"test page confirmed by telephone","verified_by":"J. Alvarez"}]},{"organisation_id":"oceanview-family","name":"Ocean View Family Practice","kind":"primary_care","telephone":"(757) 555-0164","endpoints":[{"endpoint_id":"oceanview-post","address":{"kind":"postal","lines":["9500 Ocean View Avenue","Norfolk, VA 23503"]},"verified_on":"2026-09-01","verified_how":"from the practice''s web page","verified_by":"J. Alvarez"}]},{"organisation_id":"lakeside-pediatrics","name":"Lakeside Pediatrics","kind":"primary_care","telephone":"(757) 555-0167","endpoints":[{"endpoint_id":"lakeside-fax","address":{"kind":"fax","number":"(757) 555-0168"},"verified_on":"2026-09-01","verified_how":"test page confirmed by telephone","verified_by":"J. Alvarez"}]},{"organisation_id":"kings-hearing","name":"King''s Hospital Hearing Center","kind":"specialist","telephone":"(757) 555-0180","endpoints":[{"endpoint_id":"kings-mail","address":{"kind":"email","to":"hearing@kings-hospital.example.org","protection":{"kind":"tls_required"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"}]},{"organisation_id":"norfolk-schools","name":"Norfolk Public Schools, Early Childhood Special Education","kind":"lea","telephone":"(757) 555-0190","endpoints":[{"endpoint_id":"norfolk-mail","address":{"kind":"email","to":"ecse@norfolk-schools.example.org","protection":{"kind":"tls_required"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"}]},{"organisation_id":"vabeach-schools","name":"Virginia Beach Schools, Preschool Services","kind":"lea","telephone":"(757) 555-0194","endpoints":[{"endpoint_id":"vabeach-mail","address":{"kind":"email","to":"preschool@vabeach-schools.example.org","protection":{"kind":"tls_required"}},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"}]},{"organisation_id":"state-education","name":"State Department of Education, Early Childhood Office","kind":"sea","telephone":"(804) 555-0140","endpoints":[{"endpoint_id":"state-education-mail","address":{"kind":"email","to":"early-childhood@state-education.example.org","protection":{"kind":"tls_required"}},"verified_on":"2026-09-01","verified_how":"from the department’s web page, then called","verified_by":"J. Alvarez"}]},{"organisation_id":"little-lighthouse","name":"Little Lighthouse Child Care","kind":"child_care","telephone":"(757) 555-0197","endpoints":[{"endpoint_id":"lighthouse-mail","address":{"kind":"email","to":"office@little-lighthouse.example.org"},"verified_on":"2026-09-01","verified_how":"called the published number","verified_by":"J. Alvarez"}]}],"professionals":[{"person_id":"jenni-alvarez","name":{"first":"Jenni","last":"Alvarez"},"credentials":"M.S.W.","profession":"service coordinator","organisation_id":"tidewater","telephone":"(757) 555-0142","email":"jenni.alvarez@earlysteps.example.org","hours":"Weekdays 8:00 to 5:00","languages":["es"]},{"person_id":"marcus-bell","name":{"first":"Marcus","last":"Bell"},"credentials":"M.Ed.","profession":"service coordinator","organisation_id":"tidewater","telephone":"(757) 555-0143","email":"marcus.bell@earlysteps.example.org","hours":"Weekdays 8:30 to 5:30"},{"person_id":"dr-osei","name":{"first":"Abena","last":"Osei"},"credentials":"MD","profession":"pediatrician","organisation_id":"ghent-pediatrics","telephone":"(757) 555-0160"},{"person_id":"dr-lindqvist","name":{"first":"Karin","last":"Lindqvist"},"credentials":"MD","profession":"family physician","organisation_id":"oceanview-family","telephone":"(757) 555-0164"},{"person_id":"dr-tran","name":{"first":"Minh","last":"Tran"},"credentials":"MD","profession":"pediatrician","organisation_id":"lakeside-pediatrics","telephone":"(757) 555-0167"},{"person_id":"priya-nair","name":{"first":"Priya","last":"Nair"},"credentials":"M.S., CCC-SLP","profession":"speech-language pathologist","organisation_id":"bayside-therapy","telephone":"(757) 555-0151"},{"person_id":"tom-keller","name":{"first":"Tom","last":"Keller"},"credentials":"PT, DPT","profession":"physical therapist","organisation_id":"bayside-therapy","telephone":"(757) 555-0152"},{"person_id":"ana-duarte","name":{"first":"Ana","last":"Duarte"},"credentials":"M.Ed.","profession":"early interventionist","organisation_id":"harbor-kids","telephone":"(757) 555-0156"},{"person_id":"ruth-mbeki","name":{"first":"Ruth","last":"Mbeki"},"credentials":"OTR/L","profession":"occupational therapist","organisation_id":"coastal-ot","telephone":"(757) 555-0172"}]}','0c24251183f53d2f534a4c7115ebc5bfc95c75104652c16fd3ebc8a4bb2331fe','2026-11-22T09:08:04.283Z');
CREATE TABLE fact (
    fact_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    body TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE TABLE obligation (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    kind TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    work_on TEXT NOT NULL,
    citation TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'met', 'waived', 'not-applicable', 'superseded')),
    met_on TEXT,
    -- What met it, in words with the event's id; a mailing is `mailed`.
    met_by TEXT,
    -- How many recipients a paper is owed to; 0 for a duty that a person does.
    owed BIGINT NOT NULL DEFAULT 0,
    -- The coordinator whose work it is; none is the supervisor's.
    owner TEXT,
    stands_still_since TEXT,
    -- Why it is late, where somebody said so: `family` or `system`, with the note that documents it.
    late_because TEXT,
    late_note TEXT,
    PRIMARY KEY (child_id, kind, anchor, revision)
);
INSERT INTO obligation VALUES('c-0405','first-contact','0405-referral',1,'fbe45e2083ef82bcf3b6feff6ce6b8ec18361b72298e112c3527c7f2e4e5440f','2026-09-30','2026-10-05','2026-10-05','the program''s own policy','met','2026-10-02','a contact that reached the family',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','follow-up','0405-intake/1',1,'f762160bdea7a74b7b67060580a939e2ab291e89f61998b3d885c2cc778c1146','2026-10-07','2026-10-09','2026-10-09','promised in the contact note','met','2026-10-08','it was done (0405-intake)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','initial-meeting','0405-referral',1,'6d8fea5eaf28163eb22a71126c34eb68d56892f514a10c21171ee3362ea4a88d','2026-09-30','2026-11-14','2026-11-13','34 CFR 303.310(a)','met','2026-11-10','the first full meeting about the plan (0405-first-meeting)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','contact-note','0405-plan-meeting',1,'350486a4c1f06fbe1ebd5b65dce72346a0acf3270b3fbb13e1a0c1d33a8a5478','2026-11-10','2026-11-17','2026-11-17','12VAC35-225-180','met','2026-11-11','the note was signed (0405-plan-meeting)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','follow-up','0405-plan-meeting/1',1,'05fe9329fade24bfb590a15dba79b575a650837d4ef15a60b4b323cb64ac136f','2026-11-10','2026-11-20','2026-11-20','promised in the contact note','met','2026-11-19','it was done (0405-plan-meeting)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','follow-up','0405-plan-meeting/2',1,'4225730d81640fe5660403a794e8360bb6a4bd43a4a21733458077beea4a6dc8','2026-11-10','2026-11-24','2026-11-24','promised in the contact note','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','plan-to-parent','0405-first-meeting',1,'','2026-11-10','2026-11-25','2026-11-25','34 CFR 303.409(c)','met','2026-11-20','mailed',2,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','plan-to-physician','0405-first-meeting',1,'d56a49da216cc31fe111d5f06b61b64752500380a6d12acad5aef6db0ee1b819','2026-11-10','2026-11-25','2026-11-25','34 CFR 303.7, 303.414','open',NULL,NULL,1,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','plan-to-agency','0405-first-meeting',1,'','2026-11-10','2026-11-25','2026-11-25','34 CFR 303.344(d), (f); 303.414(b)','met','2026-11-20','mailed',1,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','contact-note','0405-call-playgroup',1,'1753c2fe0a75566bf311be442d6ed996dd8a47c67c4237437a27373952f8c13e','2026-11-19','2026-11-26','2026-11-26','12VAC35-225-180','met','2026-11-19','the note was signed (0405-call-playgroup)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','monthly-reminder','2026-11',1,'','2026-11-15','2026-11-30','2026-11-30','the program''s own cadence','met','2026-11-20','mailed',1,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','follow-up','0405-call-playgroup/1',1,'5acf0b6487e56b6a234c8c5225462130958bce51976acbfc70da9bcb43bc5df9','2026-11-19','2026-12-03','2026-12-03','promised in the contact note','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','follow-up','0405-plan-meeting/3',1,'005a8299c627f240b082de9878957d13e01c6b25c18c37c4fbdc5c6af5a30d6b','2026-11-10','2026-12-05','2026-12-04','promised in the contact note','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','service-start','0405-coordination',1,'f38c83c2b91cd86713bdd46d6b5ea228f752b2c36060ca21f9244b17f5f1a179','2026-11-10','2026-12-10','2026-12-10','34 CFR 303.342(e); 12VAC35-225-170 (assistive technology devices exempt)','met','2026-11-10','the first session (0405-coordination)',0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','service-start','0405-speech',1,'27f638e6417706fd99e6b3401ab5cd56ded5d3893e6e4eef02e5adafbc0ff898','2026-11-10','2026-12-10','2026-12-10','34 CFR 303.342(e); 12VAC35-225-170 (assistive technology devices exempt)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','prior-written-notice','0405-proposal-instruction',1,'','2026-11-18','2026-12-12','2026-12-11','34 CFR 303.421; no source was seen','met','2026-11-20','mailed',2,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','progress-report','0405-first-meeting/bayside-therapy',1,'dc65cd0fcca727b3f3c5d09612c0c06b6f30e9788c54a234f27bf7b37af6e0bc','2027-03-27','2027-04-26','2027-04-26','the program''s own policy','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','progress-report-reminder','0405-first-meeting/bayside-therapy',1,'cdef9933621ce46cb68b2bf18a4d356117515143c202ebdef8dcc64c9d542700','2027-03-27','2027-04-26','2027-04-26','the program''s own policy','open',NULL,NULL,1,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','meeting-notice','0405-six-month-review',1,'75ce1cfef5f56ab167c5079e46ab43be53065251aba3bf5b5d4eea2f7e0bda60','2027-04-17','2027-05-01','2027-04-30','34 CFR 303.342(d)(2); the program''s own policy','open',NULL,NULL,2,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','six-month-review','0405-first-meeting',1,'cb4fb25c103a3f6708c8e205e53da77e2a97225f062a4f4403cae81aab02bef5','2026-11-10','2027-05-10','2027-05-10','34 CFR 303.342(b)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','opt-out-information','third-birthday',1,'cd67ce0df7fbacdbaa42bde2221c3e3a0f7b78541758cdc6e02a360c8b05b51c','2027-01-30','2027-07-25','2027-07-23','34 CFR 303.401(e); the program''s own policy','open',NULL,NULL,2,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','transition-packet-to-family','third-birthday',1,'8b6ac8bc282ff803cea963bed63303148ecae44ef7d227b40d153d29839058ea','2027-01-30','2027-08-01','2027-07-30','34 CFR 303.209; 303.344(h)','open',NULL,NULL,2,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','transition-conference','third-birthday',1,'56331768534e29ef8fc10a84f6e0c00b2a6213a227d3cab90cb241394ddeaf51','2027-01-30','2027-08-01','2027-07-30','34 CFR 303.209(c)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','lea-notice','third-birthday',1,'56aa3fbda017dbec916eb3d8593cda599ba160a7f92632b2435d92bf60eca0b8','2027-01-30','2027-08-01','2027-07-30','34 CFR 303.209(b)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','transition-plan','third-birthday',1,'8652454b26797101ebbdcc62648d5d8b5886dc2a2ea6d08249cfa7a3c015dbc8','2027-01-30','2027-08-01','2027-07-30','34 CFR 303.209(d)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','sea-notice','third-birthday',1,'5622798081767ed8b6cd04e866eb40037940677a4d63af437fb5df649ccddcca','2027-01-30','2027-08-01','2027-07-30','34 CFR 303.209(b)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','exit','third-birthday',1,'e7dfba124345b618da510650c2d9c24c8e1d6752c9507fec8559260b606f8f6f','2027-08-01','2027-10-29','2027-10-29','34 CFR 303.209; 303.211','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','outcomes-rating','exit',1,'07cfc39f6a620f0601f66717924d1a651146498afc179d3ac0e0e0da1e299dc4','2027-04-29','2027-10-29','2027-10-29','12VAC35-225-200','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','release-expiring','0405-release-oceanview',1,'374b5173a9fca4b3d35af7660886e1a47d6e1420bd9fa726e6f3b6009d401fd3','2027-10-10','2027-11-09','2027-11-09','the program''s own policy','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
INSERT INTO obligation VALUES('c-0405','annual-meeting','0405-first-meeting',1,'2fa94fdf06f77360732ec4d05ce7a6fcaf8cd750ade08d966aeba3fbea1d96ce','2026-11-10','2027-11-10','2027-11-10','34 CFR 303.342(c)','open',NULL,NULL,0,'jenni-alvarez',NULL,NULL,NULL);
CREATE TABLE obligation_history (
    history_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    due_on TEXT NOT NULL,
    what TEXT NOT NULL
);
INSERT INTO obligation_history VALUES('01a20283-3a5c-7000-816a-68259b3c1e39','c-0405','first-contact','0405-referral',1,'2026-11-22T09:08:04.316Z','open','2026-10-05','met on 2026-10-02, due 2026-10-05');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7001-b789-6cd0308ec077','c-0405','follow-up','0405-intake/1',1,'2026-11-22T09:08:04.316Z','open','2026-10-09','met on 2026-10-08, due 2026-10-09');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7002-81e4-6d5a0de6c413','c-0405','initial-meeting','0405-referral',1,'2026-11-22T09:08:04.316Z','open','2026-11-14','met on 2026-11-10, due 2026-11-14');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7003-a7d4-9de0bd5eca7d','c-0405','contact-note','0405-plan-meeting',1,'2026-11-22T09:08:04.316Z','open','2026-11-17','met on 2026-11-11, due 2026-11-17');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7004-ad80-225ab8ba7369','c-0405','follow-up','0405-plan-meeting/1',1,'2026-11-22T09:08:04.316Z','open','2026-11-20','met on 2026-11-19, due 2026-11-20');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7005-b103-cec7348803c7','c-0405','follow-up','0405-plan-meeting/2',1,'2026-11-22T09:08:04.316Z','open','2026-11-24','opened, due 2026-11-24');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7006-9010-a6000fcc20f1','c-0405','plan-to-parent','0405-first-meeting',1,'2026-11-22T09:08:04.316Z','open','2026-11-25','opened, due 2026-11-25');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7007-9724-588471d742aa','c-0405','plan-to-physician','0405-first-meeting',1,'2026-11-22T09:08:04.316Z','open','2026-11-25','opened, due 2026-11-25');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7008-836f-b640a43f853d','c-0405','plan-to-agency','0405-first-meeting',1,'2026-11-22T09:08:04.316Z','open','2026-11-25','opened, due 2026-11-25');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7009-b548-e84106c08a80','c-0405','contact-note','0405-call-playgroup',1,'2026-11-22T09:08:04.316Z','open','2026-11-26','met on 2026-11-19, due 2026-11-26');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700a-a1e8-5826122f3ffe','c-0405','monthly-reminder','2026-11',1,'2026-11-22T09:08:04.316Z','open','2026-11-30','opened, due 2026-11-30');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700b-9ec4-4ac42f30395c','c-0405','follow-up','0405-call-playgroup/1',1,'2026-11-22T09:08:04.316Z','open','2026-12-03','opened, due 2026-12-03');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700c-a9df-5ef6dbad8c6f','c-0405','follow-up','0405-plan-meeting/3',1,'2026-11-22T09:08:04.316Z','open','2026-12-05','opened, due 2026-12-05');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700d-9fbb-cf4be7b21256','c-0405','service-start','0405-coordination',1,'2026-11-22T09:08:04.316Z','open','2026-12-10','met on 2026-11-10, due 2026-12-10');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700e-9bb0-675c15d7d838','c-0405','service-start','0405-speech',1,'2026-11-22T09:08:04.316Z','open','2026-12-10','opened, due 2026-12-10');
INSERT INTO obligation_history VALUES('01a20283-3a5c-700f-874e-851e5886d396','c-0405','prior-written-notice','0405-proposal-instruction',1,'2026-11-22T09:08:04.316Z','open','2026-12-12','opened, due 2026-12-12');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7010-b517-64489fe3204d','c-0405','progress-report','0405-first-meeting/bayside-therapy',1,'2026-11-22T09:08:04.316Z','open','2027-04-26','opened, due 2027-04-26');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7011-9ecb-81cd01797c5c','c-0405','progress-report-reminder','0405-first-meeting/bayside-therapy',1,'2026-11-22T09:08:04.316Z','open','2027-04-26','opened, due 2027-04-26');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7012-8ffc-58018c9451d8','c-0405','meeting-notice','0405-six-month-review',1,'2026-11-22T09:08:04.316Z','open','2027-05-01','opened, due 2027-05-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7013-b91a-a3a9b300c36a','c-0405','six-month-review','0405-first-meeting',1,'2026-11-22T09:08:04.316Z','open','2027-05-10','opened, due 2027-05-10');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7014-b923-076837279884','c-0405','opt-out-information','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-07-25','opened, due 2027-07-25');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7015-8de1-59ff43cce7f1','c-0405','transition-packet-to-family','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-08-01','opened, due 2027-08-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7016-8533-e825881ee544','c-0405','transition-conference','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-08-01','opened, due 2027-08-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7017-b9e4-97882102dbaa','c-0405','lea-notice','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-08-01','opened, due 2027-08-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7018-a025-0494f3099bdb','c-0405','transition-plan','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-08-01','opened, due 2027-08-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-7019-b541-e6f08b4c9649','c-0405','sea-notice','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-08-01','opened, due 2027-08-01');
INSERT INTO obligation_history VALUES('01a20283-3a5c-701a-961c-5a4d4b3da131','c-0405','exit','third-birthday',1,'2026-11-22T09:08:04.316Z','open','2027-10-29','opened, due 2027-10-29');
INSERT INTO obligation_history VALUES('01a20283-3a5c-701b-afde-84bf4f87ddc8','c-0405','outcomes-rating','exit',1,'2026-11-22T09:08:04.316Z','open','2027-10-29','opened, due 2027-10-29');
INSERT INTO obligation_history VALUES('01a20283-3a5c-701c-97ca-eaa7357f37c0','c-0405','release-expiring','0405-release-oceanview',1,'2026-11-22T09:08:04.316Z','open','2027-11-09','opened, due 2027-11-09');
INSERT INTO obligation_history VALUES('01a20283-3a5c-701d-a96f-58793fd836c4','c-0405','annual-meeting','0405-first-meeting',1,'2026-11-22T09:08:04.316Z','open','2027-11-10','opened, due 2027-11-10');
INSERT INTO obligation_history VALUES('01a20283-42af-7000-b7af-14ccb7d92e74','c-0405','monthly-reminder','2026-11',1,'2026-11-22T09:08:06.447Z','met','2026-11-30','met on 2026-11-20, due 2026-11-30');
INSERT INTO obligation_history VALUES('01a20283-42af-7001-affb-6e4e102cfc7b','c-0405','plan-to-agency','0405-first-meeting',1,'2026-11-22T09:08:06.447Z','met','2026-11-25','met on 2026-11-20, due 2026-11-25');
INSERT INTO obligation_history VALUES('01a20283-42af-7002-9fbf-3db14567fb37','c-0405','plan-to-parent','0405-first-meeting',1,'2026-11-22T09:08:06.447Z','met','2026-11-25','met on 2026-11-20, due 2026-11-25');
INSERT INTO obligation_history VALUES('01a20283-42af-7003-a040-ad2c51af366e','c-0405','prior-written-notice','0405-proposal-instruction',1,'2026-11-22T09:08:06.447Z','met','2026-12-12','met on 2026-11-20, due 2026-12-12');
CREATE TABLE task (
    task_id TEXT PRIMARY KEY,
    child_id TEXT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    says TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT
, closed_by TEXT);
CREATE TABLE dispatch (
    dispatch_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL REFERENCES child (child_id),
    envelope TEXT NOT NULL,
    obligation TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'held', 'withheld', 'sending', 'accepted', 'printed', 'confirmed',
                                         'returned', 'failed', 'unknown', 'cancelled', 'superseded')),
    reason TEXT,
    detail TEXT,
    channel TEXT,
    packet TEXT,
    message_sha256 TEXT,
    due_on TEXT NOT NULL,
    not_before TEXT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    refusals BIGINT NOT NULL DEFAULT 0,
    resent_unknown BIGINT NOT NULL DEFAULT 0,
    lease_until TEXT,
    worker TEXT,
    run_id TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, has_left BIGINT NOT NULL DEFAULT 0, exhausted TEXT NOT NULL DEFAULT '[]', trying_since TEXT, endpoint_id TEXT, sealed_message BLOB,
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK (state NOT IN ('held', 'withheld') OR reason IS NOT NULL)
);
INSERT INTO dispatch VALUES('01a20283-3c9d-7000-acb6-76a7919538f2','c-0405','{"child_id":"c-0405","obligation":"plan-to-parent","anchor":"0405-first-meeting","revision":1,"subject":{"about":"plan","ifsp_id":"ifsp-0405","version":1},"recipient":{"kind":"family_member","person_id":"0405-father"},"papers":["ifsp"],"shares":[{"obligation":"prior-written-notice","anchor":"0405-proposal-instruction","revision":1,"subject":{"about":"event","event_id":"0405-proposal-instruction"},"papers":["prior-written-notice"]}]}','plan-to-parent','0405-first-meeting',1,'family:0405-father','accepted',NULL,NULL,'folder','{"items":[{"document":"ifsp","sha256":"14453f91456f4e726c7133470652b1b408681a23b6bc2df6d086b5ddae46fd32","body":"898199b49d2a76a14ec413d7d3618b21873c91a339474f84a61ac93ca8dc70c8","pages":8,"bytes":135037},{"document":"prior-written-notice","sha256":"5401fbdff6f19343b57b37d2d72f568f777ec8d35dd2ef9189d247ace523c13f","body":"7097721e1d03aa3abbf8ca161b274ba08c29e802087b3853c620add4073950e3","pages":3,"bytes":62664}],"mask":{"audience":"family","classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"whole":true,"agency":null,"without":[],"records":[null,null],"hides":{}},"endpoint_id":"0405-mail-2","template_version":"d32c6ffdca969d2a","made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","other_children":[],"protected":[]}','40931073b7eb4db9ddd0d109af673aa994752b4ae32a10de18ee9947079c8898','2026-11-25','2026-11-22T09:08:04.893Z',1,0,0,NULL,NULL,'01a20283-3a34-7000-81d8-40cc7005a2f5','2026-11-22T09:08:04.893Z','2026-11-22T09:08:06.204Z',1,'[]',NULL,'0405-mail-2',X'4550310a677948ea78590a93c0bd5416210fe1ac564638d1959a60568cffdf6edbd1bbecea848443fcf58acc1e80df6471e4bee9bd275b1b1aa90c016b26fc26a560f61b62db772e664f6d1fee335b587739b644299e89df1caf2e8a562f46082e2d84246a6937da6f27dc45f8a5bdcdafb8f141e745e81f37f81e4784c12077e8769576b634a118b19ac4781c5de0e5d4adb1ec4ca5039da7f64d3d9af7998ebeb10b9dda3fc6d0a5840fccf3256fed12df983fbcdd88ea7ca5d44840b05f5d2d38e94be3ba8eb0b3b434bec4a5199239ed89bb57f9e39822ebdc74d72ecd070af29108fd2f510c3e7543c34091d5b7dae819ba509b7df853b37f7e33f93701443f4b0b28e22ce711f47652d8b658b20ea36e2b60303dea594e04553335b93bec37de9cbf61a803462884eaec1940ff604e7f80319c6ba77a18b4e0c84ca6ad24c56164529099f0d4c977da267d8f1dca82bacf00675aadd1c75510f00611b97c3466693527ea61aeed19aac30835a77ee26e9beb41d25b3fde5e42983d2e7b4f5981f21473f867d548070e4bdf53adb2b6fe5344cc6c4028affb38');
INSERT INTO dispatch VALUES('01a20283-3ea5-7000-b2e6-cabcb3411122','c-0405','{"child_id":"c-0405","obligation":"plan-to-parent","anchor":"0405-first-meeting","revision":1,"subject":{"about":"plan","ifsp_id":"ifsp-0405","version":1},"recipient":{"kind":"family_member","person_id":"0405-mother"},"papers":["ifsp"],"shares":[{"obligation":"prior-written-notice","anchor":"0405-proposal-instruction","revision":1,"subject":{"about":"event","event_id":"0405-proposal-instruction"},"papers":["prior-written-notice"]},{"obligation":"monthly-reminder","anchor":"2026-11","revision":1,"subject":{"about":"month","month":"2026-11"},"papers":["monthly-reminder"]}]}','plan-to-parent','0405-first-meeting',1,'family:0405-mother','accepted',NULL,NULL,'folder','{"items":[{"document":"ifsp","sha256":"b918eabfb8464d11a552ea210fa7d6e0ef5209a065f6b55c47c80c495283bfb2","body":"974c8bc440f9b995292a703a892176352cc996d7605e63e11dc202c8c79b8c5f","pages":8,"bytes":135026},{"document":"prior-written-notice","sha256":"89a39499b09a13f03381f98a7299fbc55c7fd9bafb258add5832e35e644bb818","body":"2b12940d0b9edfaa70c75f39b59fa0a1bf83a722e966b6477637fd8cc70b0a4e","pages":3,"bytes":62582},{"document":"monthly-reminder","sha256":"bdacae66cd93eae16d2dc73ba97fbc7de6f30c5b730bc1b2f83c4f91ee118e0d","body":"54569ab413c00477d6280fca28d5de67cb2f76910f7ca593a1020addaf7721a7","pages":1,"bytes":28791}],"mask":{"audience":"family","classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"whole":true,"agency":null,"without":[],"records":[null,null],"hides":{}},"endpoint_id":"0405-mail","template_version":"d32c6ffdca969d2a","made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","other_children":[],"protected":[]}','c8d26a1949f25b3c2dc57e839c830501ada486f55fd0316a9e5bfb025bf4e197','2026-11-25','2026-11-22T09:08:05.413Z',1,0,0,NULL,NULL,'01a20283-3a34-7000-81d8-40cc7005a2f5','2026-11-22T09:08:05.413Z','2026-11-22T09:08:06.240Z',1,'[]',NULL,'0405-mail',X'4550310acf4aef5c87bb296e51e0288eec652950002dd66ff3f1128dbe8b6294aba1a55daadede21b2d7d2811281c4023c283f02cfebec0ea776353542b3323e7459305b7ad816e78b702402ed325ee05e9a16b5069df8b576e753da9346e45f0d330e1e6cbed7b33fc9adbb3bcca910b71df18b3107b8d46c3b7c7ebba532997ffe35a09e539eb524e29d44d2089b48ec325248716dd47ce6198579957143910da13e9948b0649a3ed0bf80ae6bee7c0b785475c6fb2736de2ea637f8f938f9edb45190ac64b2db2ef3b17e561a74e04336fca7055c87d39ba51cb016d6200d25bab1a36c36f03377df735526d8bc57ce61b4b54c66d4d081487e27c6d8e9f38101b6858b95067e346308c656a893eff2c1e8239829fdc15f033e296909983976b085d8213f877263f5c8bd4179d2b713ea64bb7607599ddbd8f0cac8f6edc208e1f316abd14e608c92d86448a13da3139fbd60a6704d8c46c72fe90e442932818d3156b4676e6db950664a51dcc6e8ccb10e44b3c439e9df8c59a8df95040d82f37c064c3857588ae9fe1e43c7e4ba64b37759c0c4229f2e7b');
INSERT INTO dispatch VALUES('01a20283-3fb1-7000-bc46-b1f3ee8a9a94','c-0405','{"child_id":"c-0405","obligation":"plan-to-physician","anchor":"0405-first-meeting","revision":1,"subject":{"about":"plan","ifsp_id":"ifsp-0405","version":1},"recipient":{"kind":"office","organisation_id":"oceanview-family","person_id":"dr-lindqvist"},"papers":["physician-letter","ifsp"]}','plan-to-physician','0405-first-meeting',1,'office:oceanview-family/dr-lindqvist','printed',NULL,NULL,'print','{"items":[{"document":"physician-letter","sha256":"31294cd0ad8fce110529b12befdcae6b9229431cc410506e666f8fd768c9f6c7","body":"82afa15bb331a649c705ed3446bc0a42a9f23cc73780bb385fa4fe09f867356a","pages":1,"bytes":39871},{"document":"ifsp","sha256":"82918d88b0a3fbeb4e655a927613921b4a55d1772512a60cd4430b962b4d5383","body":"5a4d787d97dc7cb81f744905f72227e030dbbf6f98adf1733c03baa0553bfcb1","pages":5,"bytes":83754}],"mask":{"audience":"physician","classes":["plan"],"whole":false,"agency":null,"without":[],"records":[null,null],"hides":{}},"endpoint_id":"oceanview-post","template_version":"d32c6ffdca969d2a","made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","other_children":[],"protected":[]}',NULL,'2026-11-25','2026-11-22T09:08:05.681Z',1,0,0,NULL,NULL,'01a20283-3a34-7000-81d8-40cc7005a2f5','2026-11-22T09:08:05.681Z','2026-11-22T09:08:06.402Z',0,'[]',NULL,'oceanview-post',NULL);
INSERT INTO dispatch VALUES('01a20283-4115-7000-bf55-52b62baeb1a4','c-0405','{"child_id":"c-0405","obligation":"plan-to-agency","anchor":"0405-first-meeting","revision":1,"subject":{"about":"plan","ifsp_id":"ifsp-0405","version":1},"recipient":{"kind":"office","organisation_id":"bayside-therapy"},"papers":["service-authorization","ifsp"]}','plan-to-agency','0405-first-meeting',1,'office:bayside-therapy','accepted',NULL,NULL,'folder','{"items":[{"document":"service-authorization","sha256":"35d0d572567d0034a9a3080f065dfc95949097b4b62cba06aa566ddeb92fe95f","body":"95e2fb99e1daaeb8df34799c4e6892772d88b290d8d02d6ae546261b1265d798","pages":2,"bytes":45144},{"document":"ifsp","sha256":"8cd58264ac13b606dcaac90c853c97686a45444628831a809c7e78d5ea27a3a8","body":"36a582a30b8142e944180535b5075b37c582f368ee53907613fb78152ea6d5f6","pages":6,"bytes":96566}],"mask":{"audience":"team","classes":["plan","evaluation_and_eligibility","health","contact_notes","transition"],"whole":false,"agency":"bayside-therapy","without":[],"records":[null,null],"hides":{}},"endpoint_id":"bayside-mail","template_version":"d32c6ffdca969d2a","made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","other_children":[],"protected":[]}','c70bb6f81c6e28dfe381f431d10e9e0e3a38de2be14030c3a3a7f7dc89266fc9','2026-11-25','2026-11-22T09:08:06.037Z',1,0,0,NULL,NULL,'01a20283-3a34-7000-81d8-40cc7005a2f5','2026-11-22T09:08:06.037Z','2026-11-22T09:08:06.335Z',1,'[]',NULL,'bayside-mail',X'4550310a130c76986bbeebfb80be8ee4a252be25a8df7deaa6dbe7c6fd97cc5caff9120a77e1e690707225be4096e04c4445fc9896bff76ae65bf52b34656c79427f59b3479fab63b65faf3b72530d4373531afc4beda0bc437a99b7a43e5abe1ab535ebd72597f7d92d7bdf3121854c0b6ff3a164933667ec46539b039b375e8071c9370d8c4e81923543b1d599b7c0769e9e53b74d6c0eb38e2028513fc62887737764f73c64cc30b1a7934e79a4ed898cd1c52eef59e8d4a1cf17c3051062fd8dffbf36dd044c0811ee2d866370ebdae453fd819fd2551f4a4ca32c89ea28278ae01e509e683cadffc70cabfe31d457e088f4ccedd110360c18bafe3bafdcad03e1d51390decb1aeebee9a0f95458580a7080fc24f74609f25ec319387f8d138b4f08c7532e82fe38e08a81d575d8fa8594d243b12df40954afeb6e8d3a80c5377ee43dc9fcaf4e36a21ac2de125cadcb403eb010002fef679a89bd5ddd755efae36cc02ed5218b296e357ec58f193033355b569991af8202b90856e1b696135d0ab0a33860ffe3d9d0f177dc9c1357e3e10d8504e36924a805e91470c1d8751185c5234d');
CREATE TABLE dispatch_item (
    item_key TEXT PRIMARY KEY,
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    place BIGINT NOT NULL,
    document TEXT NOT NULL
);
INSERT INTO dispatch_item VALUES('c-0405|plan-to-parent|0405-first-meeting|ifsp|family:0405-father|1','01a20283-3c9d-7000-acb6-76a7919538f2',0,'ifsp');
INSERT INTO dispatch_item VALUES('c-0405|prior-written-notice|0405-proposal-instruction|prior-written-notice|family:0405-father|1','01a20283-3c9d-7000-acb6-76a7919538f2',1,'prior-written-notice');
INSERT INTO dispatch_item VALUES('c-0405|plan-to-parent|0405-first-meeting|ifsp|family:0405-mother|1','01a20283-3ea5-7000-b2e6-cabcb3411122',0,'ifsp');
INSERT INTO dispatch_item VALUES('c-0405|prior-written-notice|0405-proposal-instruction|prior-written-notice|family:0405-mother|1','01a20283-3ea5-7000-b2e6-cabcb3411122',1,'prior-written-notice');
INSERT INTO dispatch_item VALUES('c-0405|monthly-reminder|2026-11|monthly-reminder|family:0405-mother|1','01a20283-3ea5-7000-b2e6-cabcb3411122',2,'monthly-reminder');
INSERT INTO dispatch_item VALUES('c-0405|plan-to-physician|0405-first-meeting|physician-letter|office:oceanview-family/dr-lindqvist|1','01a20283-3fb1-7000-bc46-b1f3ee8a9a94',0,'physician-letter');
INSERT INTO dispatch_item VALUES('c-0405|plan-to-physician|0405-first-meeting|ifsp|office:oceanview-family/dr-lindqvist|1','01a20283-3fb1-7000-bc46-b1f3ee8a9a94',1,'ifsp');
INSERT INTO dispatch_item VALUES('c-0405|plan-to-agency|0405-first-meeting|service-authorization|office:bayside-therapy|1','01a20283-4115-7000-bf55-52b62baeb1a4',0,'service-authorization');
INSERT INTO dispatch_item VALUES('c-0405|plan-to-agency|0405-first-meeting|ifsp|office:bayside-therapy|1','01a20283-4115-7000-bf55-52b62baeb1a4',1,'ifsp');
CREATE TABLE dispatch_history (
    history_id TEXT PRIMARY KEY,
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    at TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL
);
INSERT INTO dispatch_history VALUES('01a20283-3c9d-7001-9326-0e7efb51ad69','01a20283-3c9d-7000-acb6-76a7919538f2','2026-11-22T09:08:04.893Z','queued','made');
INSERT INTO dispatch_history VALUES('01a20283-3ea5-7001-a67f-2dbbfc6add16','01a20283-3ea5-7000-b2e6-cabcb3411122','2026-11-22T09:08:05.413Z','queued','made');
INSERT INTO dispatch_history VALUES('01a20283-3fb1-7001-9c26-65c8257590a7','01a20283-3fb1-7000-bc46-b1f3ee8a9a94','2026-11-22T09:08:05.681Z','queued','made');
INSERT INTO dispatch_history VALUES('01a20283-4115-7001-bea6-d9dcb5d9055d','01a20283-4115-7000-bf55-52b62baeb1a4','2026-11-22T09:08:06.037Z','queued','made');
INSERT INTO dispatch_history VALUES('01a20283-4122-7000-a8e0-07b25ffce8c4','01a20283-3c9d-7000-acb6-76a7919538f2','2026-11-22T09:08:06.050Z','sending','attempt 1');
INSERT INTO dispatch_history VALUES('01a20283-4122-7001-bffc-c5057c28a900','01a20283-3ea5-7000-b2e6-cabcb3411122','2026-11-22T09:08:06.050Z','sending','attempt 1');
INSERT INTO dispatch_history VALUES('01a20283-4122-7002-8b5e-17905b0ddf8e','01a20283-3fb1-7000-bc46-b1f3ee8a9a94','2026-11-22T09:08:06.050Z','sending','attempt 1');
INSERT INTO dispatch_history VALUES('01a20283-4122-7003-add4-f3663094c136','01a20283-4115-7000-bf55-52b62baeb1a4','2026-11-22T09:08:06.050Z','sending','attempt 1');
INSERT INTO dispatch_history VALUES('01a20283-41bc-7000-85b3-4a0e46407be7','01a20283-3c9d-7000-acb6-76a7919538f2','2026-11-22T09:08:06.204Z','accepted','accepted');
INSERT INTO dispatch_history VALUES('01a20283-41e0-7000-a08b-d6c90efb3ee4','01a20283-3ea5-7000-b2e6-cabcb3411122','2026-11-22T09:08:06.240Z','accepted','accepted');
INSERT INTO dispatch_history VALUES('01a20283-423f-7000-b034-a20955e81834','01a20283-4115-7000-bf55-52b62baeb1a4','2026-11-22T09:08:06.335Z','accepted','accepted');
INSERT INTO dispatch_history VALUES('01a20283-4282-7000-b7ef-7fa3731342ae','01a20283-3fb1-7000-bc46-b1f3ee8a9a94','2026-11-22T09:08:06.402Z','printed','printed');
CREATE TABLE attempt (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    attempt BIGINT NOT NULL,
    channel TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    worker TEXT NOT NULL,
    decision TEXT NOT NULL,
    started_at TEXT NOT NULL,
    settled_at TEXT,
    outcome TEXT,
    sealed_evidence BLOB,
    PRIMARY KEY (dispatch_id, attempt),
    CHECK ((settled_at IS NULL) = (outcome IS NULL))
);
INSERT INTO attempt VALUES('01a20283-3c9d-7000-acb6-76a7919538f2',1,'folder','0405-mail-2','13076-232e98a6ce1d','{"basis":"PARENT_COPY","decided_at":"2026-11-22T09:08:06.056Z","mask":{"agency":null,"audience":"family","classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"hides":{},"records":[null,null],"whole":true,"without":[]},"release":null}','2026-11-22T09:08:06.050Z','2026-11-22T09:08:06.204Z','accepted',X'4550310acf6ddede5fe51e475dea16fbbfc0f0edf6c07806107ea5d9808ea266f5db940ca5b92e471fdfb0b62f2c75b02f594f06a17d391030ad11763b954c978e21e20481edf7f009d406c2e20543cc5c298907ab01dc948a07f407e5ebacc11b35a65990158f167bf800b65a494f22957a6915e9642ef9cfda0a98c8309b7f66e1f25d78f2a9976d7425bb8d972b034052b832dc5a073cce13b439fd97ae153fc6823adb8cefb8ce5ee05ccd219a18568a82571a2fac0c788e9d0f1bb5267f7e4ee90cef653b27098914fe5d0859e9719882d384a60d032550b318eddefb');
INSERT INTO attempt VALUES('01a20283-3ea5-7000-b2e6-cabcb3411122',1,'folder','0405-mail','13076-232e98a6ce1d','{"basis":"PARENT_COPY","decided_at":"2026-11-22T09:08:06.083Z","mask":{"agency":null,"audience":"family","classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"hides":{},"records":[null,null],"whole":true,"without":[]},"release":null}','2026-11-22T09:08:06.050Z','2026-11-22T09:08:06.240Z','accepted',X'4550310a4fe19622827fdedad2c86c32f7b531616c30bcd1f1d837c57fd2fdb2e7028a4504aa85aedc71b4149eecd3742aafaa653513ccec0c93a0d91116bd5124445fb0fa955e81c32cbb9aec465429aca5397629839df48383acf6d8c70d6b14c2b30505329d1b049882d0961e0686eb9897ead1257692a62cf695eec0d4afead581ccb70770ec45cffa02355afcc608ce363aafa6d30af0e99a73c6911643bc536f6d9a8c3e7220407352084af8a911573bf8f604e0cd0009e0097f981ed239e067917027278f87ba63665e446fea688dd58f98721f3ef09f7ed401dbb2e6');
INSERT INTO attempt VALUES('01a20283-3fb1-7000-bc46-b1f3ee8a9a94',1,'print','oceanview-post','13076-232e98a6ce1d','{"basis":"CONSENT","decided_at":"2026-11-22T09:08:06.168Z","mask":{"agency":null,"audience":"physician","classes":["plan"],"hides":{},"records":[null,null],"whole":false,"without":[]},"release":"0405-release-oceanview"}','2026-11-22T09:08:06.050Z','2026-11-22T09:08:06.402Z','printed',X'4550310a23a84c961da5f1661bf64c44b3304535829c2dee13bdbfdcddb47b74c7fc8149dbc9d4f9d71f93ae4a5167207913bff153db1d022330a65c73a27859e17295fb4d677dcc503aef936c0793c9a0521d51b95304071958ce3484c8ac31bc0310ac7f51118b3821ed84985e3d6e953c5ecf29ee0c071ff5dc53a7a1c0141b1c5e82134ce9fa0e1198a55a3015c7c254d9b2a2b145c77e9d6f0036de84d4207903ea4c72acfaccfeb998ff81f1366fe556c8ceb69d9cfe31c9afb13aeacccbc3c8a4678f247c93ae267b5fec951fdeddec8880b2058536ed74fe18cb9b9b1c3cb40cd9bba589294f724f27dea81e943df4d64981fa75cdc0edb8f6eb28be906bc0664f728b6b9a666ab9f0ab533da89f5efb48b3276671aead675d84ad3fd1b28a7d39a1d324');
INSERT INTO attempt VALUES('01a20283-4115-7000-bf55-52b62baeb1a4',1,'folder','bayside-mail','13076-232e98a6ce1d','{"basis":"PARTICIPATING_AGENCY","decided_at":"2026-11-22T09:08:06.208Z","mask":{"agency":"bayside-therapy","audience":"team","classes":["plan","evaluation_and_eligibility","health","contact_notes","transition"],"hides":{},"records":[null,null],"whole":false,"without":[]},"release":null}','2026-11-22T09:08:06.050Z','2026-11-22T09:08:06.335Z','accepted',X'4550310ac8453720a57a969db4596c71cedead7bd8b75da0f987968b3775d72d7479263f163af0e1dc3a98a10d429d30e543283cd2325cc0527a89ddaced493d5a1fbd69284a892f8fefbb278e83b1f06aa0563bce09c15f08fc9a45779bac0af2522ad1709d8e9cbee087fca2a966fffa4da5a41ab065234894bc10aac5b354baf4ae4f50add2b89c24dd5e02ff1794ab7b67a30d5864199b333692d633b58f98c4f9131926aa57ab92639d645da74107eac74df3546fcb736c4279ca29c4481b2d3f87c20e9a367c76394afb2615b8d879228ed33a50b35fd33e590a864c25');
CREATE TABLE body (
    name TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    stored_at TEXT NOT NULL
);
INSERT INTO body VALUES('898199b49d2a76a14ec413d7d3618b21873c91a339474f84a61ac93ca8dc70c8','c-0405',135037,'2026-11-22T09:08:04.893Z');
INSERT INTO body VALUES('7097721e1d03aa3abbf8ca161b274ba08c29e802087b3853c620add4073950e3','c-0405',62664,'2026-11-22T09:08:04.893Z');
INSERT INTO body VALUES('974c8bc440f9b995292a703a892176352cc996d7605e63e11dc202c8c79b8c5f','c-0405',135026,'2026-11-22T09:08:05.413Z');
INSERT INTO body VALUES('2b12940d0b9edfaa70c75f39b59fa0a1bf83a722e966b6477637fd8cc70b0a4e','c-0405',62582,'2026-11-22T09:08:05.413Z');
INSERT INTO body VALUES('54569ab413c00477d6280fca28d5de67cb2f76910f7ca593a1020addaf7721a7','c-0405',28791,'2026-11-22T09:08:05.413Z');
INSERT INTO body VALUES('82afa15bb331a649c705ed3446bc0a42a9f23cc73780bb385fa4fe09f867356a','c-0405',39871,'2026-11-22T09:08:05.681Z');
INSERT INTO body VALUES('5a4d787d97dc7cb81f744905f72227e030dbbf6f98adf1733c03baa0553bfcb1','c-0405',83754,'2026-11-22T09:08:05.681Z');
INSERT INTO body VALUES('95e2fb99e1daaeb8df34799c4e6892772d88b290d8d02d6ae546261b1265d798','c-0405',45144,'2026-11-22T09:08:06.037Z');
INSERT INTO body VALUES('36a582a30b8142e944180535b5075b37c582f368ee53907613fb78152ea6d5f6','c-0405',96566,'2026-11-22T09:08:06.037Z');
CREATE TABLE ledger (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    child_id TEXT NOT NULL,
    body TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
INSERT INTO ledger VALUES(1,'2026-11-22T09:08:06.204Z','c-0405','{"v":2,"event":"disclosure","child":"c-0405","dispatch":"01a20283-3c9d-7000-acb6-76a7919538f2","attempt":1,"obligation":"plan-to-parent","recipient":{"kind":"family_member","person_id":"0405-father"},"endpoint":"0405-mail-2","channel":"folder","basis":"PARENT_COPY","decided_at":"2026-11-22T09:08:06.056Z","items":[{"document":"ifsp","sha256":"14453f91456f4e726c7133470652b1b408681a23b6bc2df6d086b5ddae46fd32","pages":8,"body":"898199b49d2a76a14ec413d7d3618b21873c91a339474f84a61ac93ca8dc70c8"},{"document":"prior-written-notice","sha256":"5401fbdff6f19343b57b37d2d72f568f777ec8d35dd2ef9189d247ace523c13f","pages":3,"body":"7097721e1d03aa3abbf8ca161b274ba08c29e802087b3853c620add4073950e3"}],"classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"template_version":"d32c6ffdca969d2a","outcome":"accepted","released_by":"13076-232e98a6ce1d","plan":{"ifsp_id":"ifsp-0405","version":1},"amendment_statement":"not_applicable","item_keys":["c-0405|plan-to-parent|0405-first-meeting|ifsp|family:0405-father|1","c-0405|prior-written-notice|0405-proposal-instruction|prior-written-notice|family:0405-father|1"],"made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","run":"01a20283-3a34-7000-81d8-40cc7005a2f5","retention":"early-intervention-record","exempt_303_406":true,"exempt_99_32":true,"exempt_164_528":true,"detail":"061a8bd56cd3c26191508552175cbcef4bf0433272a638b0e2319ab1396befb4"}','0000000000000000000000000000000000000000000000000000000000000000','b5187822ef99b5db25cc771dae3c7a331b9aae3a78cc710597ee6d1eba1965af');
INSERT INTO ledger VALUES(2,'2026-11-22T09:08:06.240Z','c-0405','{"v":2,"event":"disclosure","child":"c-0405","dispatch":"01a20283-3ea5-7000-b2e6-cabcb3411122","attempt":1,"obligation":"plan-to-parent","recipient":{"kind":"family_member","person_id":"0405-mother"},"endpoint":"0405-mail","channel":"folder","basis":"PARENT_COPY","decided_at":"2026-11-22T09:08:06.083Z","items":[{"document":"ifsp","sha256":"b918eabfb8464d11a552ea210fa7d6e0ef5209a065f6b55c47c80c495283bfb2","pages":8,"body":"974c8bc440f9b995292a703a892176352cc996d7605e63e11dc202c8c79b8c5f"},{"document":"prior-written-notice","sha256":"89a39499b09a13f03381f98a7299fbc55c7fd9bafb258add5832e35e644bb818","pages":3,"body":"2b12940d0b9edfaa70c75f39b59fa0a1bf83a722e966b6477637fd8cc70b0a4e"},{"document":"monthly-reminder","sha256":"bdacae66cd93eae16d2dc73ba97fbc7de6f30c5b730bc1b2f83c4f91ee118e0d","pages":1,"body":"54569ab413c00477d6280fca28d5de67cb2f76910f7ca593a1020addaf7721a7"}],"classes":["plan","evaluation_and_eligibility","health","contact_notes","family_information","transition"],"template_version":"d32c6ffdca969d2a","outcome":"accepted","released_by":"13076-232e98a6ce1d","plan":{"ifsp_id":"ifsp-0405","version":1},"amendment_statement":"not_applicable","item_keys":["c-0405|plan-to-parent|0405-first-meeting|ifsp|family:0405-mother|1","c-0405|prior-written-notice|0405-proposal-instruction|prior-written-notice|family:0405-mother|1","c-0405|monthly-reminder|2026-11|monthly-reminder|family:0405-mother|1"],"made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","run":"01a20283-3a34-7000-81d8-40cc7005a2f5","retention":"early-intervention-record","exempt_303_406":true,"exempt_99_32":true,"exempt_164_528":true,"detail":"363662fb3bd4d4f04f36645f58e4933b2fb422926821a0b6068706ee70234017"}','b5187822ef99b5db25cc771dae3c7a331b9aae3a78cc710597ee6d1eba1965af','a90a11bacc2d12cf8c97c53d4f2b1ea18bd664985a9b5ce67267a6f19bc4e552');
INSERT INTO ledger VALUES(3,'2026-11-22T09:08:06.335Z','c-0405','{"v":2,"event":"disclosure","child":"c-0405","dispatch":"01a20283-4115-7000-bf55-52b62baeb1a4","attempt":1,"obligation":"plan-to-agency","recipient":{"kind":"office","organisation_id":"bayside-therapy"},"endpoint":"bayside-mail","channel":"folder","basis":"PARTICIPATING_AGENCY","decided_at":"2026-11-22T09:08:06.208Z","items":[{"document":"service-authorization","sha256":"35d0d572567d0034a9a3080f065dfc95949097b4b62cba06aa566ddeb92fe95f","pages":2,"body":"95e2fb99e1daaeb8df34799c4e6892772d88b290d8d02d6ae546261b1265d798"},{"document":"ifsp","sha256":"8cd58264ac13b606dcaac90c853c97686a45444628831a809c7e78d5ea27a3a8","pages":6,"body":"36a582a30b8142e944180535b5075b37c582f368ee53907613fb78152ea6d5f6"}],"classes":["plan","evaluation_and_eligibility","health","contact_notes","transition"],"template_version":"d32c6ffdca969d2a","redisclosure_notice":"2026-1","outcome":"accepted","released_by":"13076-232e98a6ce1d","plan":{"ifsp_id":"ifsp-0405","version":1},"amendment_statement":"not_applicable","item_keys":["c-0405|plan-to-agency|0405-first-meeting|service-authorization|office:bayside-therapy|1","c-0405|plan-to-agency|0405-first-meeting|ifsp|office:bayside-therapy|1"],"made_from":"2793afe90e87e160626f2fac99ea144d08e44ee120c76f80b9cb0f50b7a44270","run":"01a20283-3a34-7000-81d8-40cc7005a2f5","retention":"early-intervention-record","exempt_303_406":false,"exempt_99_32":false,"exempt_164_528":false,"detail":"964895addd452afe7ce8d74393ff060a7ec12c3843822e043fbdaf4c8c857830"}','a90a11bacc2d12cf8c97c53d4f2b1ea18bd664985a9b5ce67267a6f19bc4e552','9b1a5edf746a76baad54f35625bfb7d454f159cea250c793a6d0344fb306a4a6');
CREATE TABLE ledger_detail (
    seq BIGINT PRIMARY KEY REFERENCES ledger (seq),
    child_id TEXT NOT NULL,
    sealed BLOB NOT NULL
);
INSERT INTO ledger_detail VALUES(1,'c-0405',X'4550310a7b2bca60f3bc885a5953d460aca654a30a55437842aac11c7902cb4d0fe50d8eededf5f879f3b228b83864e032de56893b2b7b3920ab2b8ba0e45577a521036e809da60b8bcea2a0fa28863b36be1103ac6406431ff37bcab8380a04a828c352f413dc18a38c2230ee371078d94bcd626fb9de2bf34c204916e260089c68f0a7823ad614e10cf8144bd40647cfa0509c31c7e6c0f5c5a325e86752b2264fa9591bcff1c3ba302301f1d2be861f1f0e34cd952369fc34002c0f2e62a12a9840a7a60edfc6855b532b955dc5b375eb0a7a53ecfbe3edf506aedd4e14aa9506c36f0bf83c7dea2f11ac69735bf95b94dbf6a0ef382936e304a2c709f12cafb1bd7a3df11b474193ca25254ff0b75f71b3ed00a308175decc1dbe0597486d23b1679c39ca421521e08a4e1f2cd3d3f4f905def5fb872ec26e21bdb03f77ad95af5c6ac36d7abd3bd8650df7c832ac35a3b2d66d8e8e73f4f517840f210d5912e1e9a405422a1ce672bcced28558aaf621307f9198aff1e1d3b02ce4457a84ba9151af98ac010ed1a29238d680b913ed1e03b23c26d71e2a3139458f14f187711501f353090f207318404a51f19675c8751827a5587660785e55293a981328b116ef633af9d76ca0bfe3f88a8a16efb5d4cb583fade713e88a6178cb50f7de9361452bf36ba4f1772db');
INSERT INTO ledger_detail VALUES(2,'c-0405',X'4550310a9e2985926d251d08a051a788684e6d57578e8c6a055b85e764684e2df752fe93ee62c0f66117b77ad3c66ed9ef21a500e7d43e07bb11a0b0c91ac7c3b0edb70ac7c515ac5633cba426c5be802155cd5276e42fad8170e92e0adaa3f5b378e5593f8f9843f897bdff37dfc8d22fc36a2dbf278a43b357cd86c311304905d93f5307407b2016ca4753f8c0abfaa0e3dbd3e870c2acb26384fc56a9d4ad3df6b37ab47ffa24e874cd2777e8824f39b8e1f9508fe17df830e625bc04dd55904155ff9ab048e00189a7509d8ba404a1086c4ff5e8d7de2ba5b986b6ce85532918a7a633c4586fd4d73723bf2cc5e812665635faadd53ee7933103c813409ffe45cacb67d2e0d20e7aa17cd1d8fce390b80af327c4fa8117d0ffa0e783bde83ab0ee3cb04fa974f2239b772303f85b49d1bab17de6962b1c147c6eb540b83c89dc3e845e6aca89933e42cd149ef1a365a31f933c868533206e4eacb3b17856a184fbb4cb33b1af87411b981184e755e58b3c9262ffce91b66d4d1cbac6185be055f86417fce4a01cda55f2a253a1d534d4ac589654908fb53f14f575875bcaffc2aad2379eb68005183ad038cc4c105ff979a840b26df5a48b4d54c1d38586a44fc7b5dac13e3e5ac441253007d72f9ce14b0f7394df302841875f263e9d829ec6fa9fdc712a0d132d37b9b9242d7b1847f82ffc5275206471b622ec6a9df34e025b');
INSERT INTO ledger_detail VALUES(3,'c-0405',X'4550310a51a251d938473dae571254982912855ed322a4694d2c8a0b2dfa6681367ef724ec3a83ca1f69fea7f2087a8bb25e0ee83068273e5864264e798a3ff3ba36a2a0c2c45637711af2d861a19ec927d506f98035ae9275ca74847c80fb4ffccdabf78bd5429afb3deb3b5b61791d1b25cd40ee64e015bccff14c669bc37f9a64769c12db05ec60ea85d73da3165d7fd8526a20eff7c0bfaaa70b0dc582f4b642a3030253198d1a7a6953c36411aa017fca81d0e6c1e6c468a62b086051a77ffe6aea6896f2fc7c2ebb6f2914a202f42a5049fbbdcc7e53c894bfba2aa00612090fd02795244ff090e42eb63f8fc37ee5565b7cdd8dd4ea6bc9681e86cdab1d79f2bd77a5715e97036ae39960dc8712c273ab81f963a7513800c0fe621529dbf91d0c2ab5dc83d24ddee21776f761a1862011cb17a427d2619934d07bd83ee215d8f5f244efe28860ab48922e683d9b0882ec36e5a8826b5420e24d3df27ffa11a1cb997a648f1033f8f6658c18b3e7f8128263212a965d77c7d7694208980ff78f88a08929eb0789ea3e84ffae950d64a4606ebacd2d6b5fc52dff487fb61f7afe80b7f10b93903c0443f295d7bb3d1f9c6b6f128a3f78e3feb001220222ea012ff521b382d22db71595cc1770fa7475b8a796241c0b5a907f86e12753d62ee23d354d6b8b505b63e129a331b3c0e77a385fad6994fca2cd57f9ae92f646edb12cb6a7c4f1b31d57806a8a153d614445a34c59f3d94380b7c5bb06cf260ad06bc96d8045c45dba8aa7849e');
CREATE TABLE run (
    run_id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    as_of TEXT NOT NULL,
    balance TEXT
);
INSERT INTO run VALUES('01a20283-3a34-7000-81d8-40cc7005a2f5','2026-11-22T09:08:04.276Z','2026-11-22T09:08:06.474Z','2026-11-20','{"expected":4,"accepted":3,"printed":1,"withheld":0,"held":0,"failed":0,"unknown":0,"queued":0,"closed":0}');
CREATE TABLE pull (
    dispatch_id TEXT PRIMARY KEY REFERENCES dispatch (dispatch_id),
    reason TEXT NOT NULL,
    detail TEXT,
    since TEXT NOT NULL
);
CREATE TABLE checkpoint (
    key_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    note_hash TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (key_id, number)
);
INSERT INTO checkpoint VALUES('fc012d9c',1,3,'7af963814604be0115ed1e510a30748cdbc90aa4cea7b5f4a4da736e65ce2c73','2026-11-22T09:08:06.485Z');
CREATE TABLE matter (
    matter_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('request', 'incident')),
    kind TEXT NOT NULL,
    began_on TEXT NOT NULL,
    due_on TEXT,
    opened_seq BIGINT NOT NULL REFERENCES ledger (seq),
    closed_seq BIGINT REFERENCES ledger (seq),
    outcome TEXT,
    CHECK ((closed_seq IS NULL) = (outcome IS NULL))
);
CREATE TABLE legal_hold (
    hold_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL,
    set_seq BIGINT NOT NULL REFERENCES ledger (seq),
    lifted_seq BIGINT REFERENCES ledger (seq)
);
CREATE TABLE destroyed_child (
    child_id TEXT PRIMARY KEY,
    destroyed_at TEXT NOT NULL,
    certificate_seq BIGINT NOT NULL REFERENCES ledger (seq),
    stub TEXT NOT NULL
);
CREATE TABLE former_packet (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    replaced_at TEXT NOT NULL,
    packet TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, replaced_at)
);
CREATE TABLE channel_pause (
    channel TEXT PRIMARY KEY,
    paused_at TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE channel_day (
    channel TEXT NOT NULL,
    day TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, day)
);
CREATE TABLE channel_resumed (
    channel TEXT PRIMARY KEY,
    resumed_at TEXT NOT NULL,
    resumed_by TEXT NOT NULL
);
CREATE TABLE endpoint_use (
    endpoint_id TEXT NOT NULL,
    child_id TEXT NOT NULL,
    first_at TEXT NOT NULL,
    PRIMARY KEY (endpoint_id, child_id)
);
CREATE TABLE endpoint_pause (
    endpoint_id TEXT PRIMARY KEY,
    paused_at TEXT NOT NULL,
    why TEXT NOT NULL,
    resumed_at TEXT,
    resumed_by TEXT
);
CREATE TABLE plan (
    plan_id BIGINT PRIMARY KEY,
    -- Plans of one scope are a series: `all`, one child, or a look ahead.
    scope TEXT NOT NULL,
    as_of TEXT NOT NULL,
    until TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    -- Children that had to be looked at; the others stand as before.
    looked BIGINT NOT NULL DEFAULT 0,
    finished_at TEXT
);
CREATE TABLE plan_line (
    line BIGINT PRIMARY KEY,
    scope TEXT NOT NULL,
    from_plan BIGINT NOT NULL REFERENCES plan (plan_id),
    gone_in BIGINT REFERENCES plan (plan_id),
    child_id TEXT NOT NULL REFERENCES child (child_id),
    obligation TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    envelope TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('goes', 'waits', 'has-it')),
    -- The channel and on what it rests, or since when the recipient has it.
    channel TEXT,
    basis TEXT,
    reason TEXT,
    detail TEXT,
    release_rule TEXT NOT NULL CHECK (release_rule IN ('auto', 'approve')),
    facts_hash TEXT NOT NULL
);
CREATE TABLE approval (
    approval_id TEXT PRIMARY KEY,
    child_id TEXT NOT NULL REFERENCES child (child_id),
    obligation TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    facts_hash TEXT NOT NULL,
    plan_id BIGINT REFERENCES plan (plan_id),
    approved_at TEXT NOT NULL,
    approved_by TEXT NOT NULL
);
CREATE TABLE plan_dispatch (
    plan_id BIGINT NOT NULL REFERENCES plan (plan_id),
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    PRIMARY KEY (plan_id, dispatch_id)
);
CREATE TABLE child_look (
    child_id TEXT PRIMARY KEY REFERENCES child (child_id),
    record_hash TEXT NOT NULL,
    last_fact TEXT NOT NULL,
    world_hash TEXT NOT NULL,
    looked_on TEXT NOT NULL,
    next_change_on TEXT NOT NULL
);
CREATE TABLE receipt (
    receipt_id TEXT PRIMARY KEY,
    message_hash TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    received_at TEXT NOT NULL,
    says TEXT NOT NULL,
    matched_by TEXT CHECK (matched_by IN ('return-path', 'envelope-id', 'message-id', 'fax-job')),
    dispatch_id TEXT REFERENCES dispatch (dispatch_id),
    attempt BIGINT,
    -- applied: it changed the dispatch; noted: it belongs to one and changes nothing; later: its attempt is not
    -- settled yet; person: somebody has to look; closed: somebody has looked.
    standing TEXT NOT NULL CHECK (standing IN ('applied', 'noted', 'later', 'person', 'closed')),
    why TEXT NOT NULL,
    sealed BLOB NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    CHECK ((dispatch_id IS NULL) = (matched_by IS NULL)),
    CHECK ((standing = 'closed') = (closed_at IS NOT NULL))
);
CREATE TABLE mailbox_mark (
    mailbox TEXT PRIMARY KEY,
    validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL
);
CREATE TABLE hold (
    hold_id TEXT PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('everything', 'recipient', 'document', 'schedule')),
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    held_at TEXT NOT NULL,
    held_by TEXT NOT NULL,
    released_at TEXT,
    released_by TEXT,
    released_because TEXT,
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE TABLE schedule (
    name TEXT PRIMARY KEY,
    work TEXT NOT NULL,
    expression TEXT NOT NULL,
    zone TEXT NOT NULL,
    missed TEXT NOT NULL CHECK (missed IN ('run-once-now', 'ask', 'skip-and-record')),
    next_due TEXT NOT NULL,
    last_run TEXT,
    -- Why it waits for a person; nothing where it does not.
    asks TEXT
);
CREATE TABLE schedule_run (
    schedule_run_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    due_at TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    outcome TEXT CHECK (outcome IN ('done', 'failed', 'skipped', 'asked')),
    says TEXT,
    worker TEXT NOT NULL
);
CREATE TABLE passphrase (
    child_id TEXT NOT NULL REFERENCES child (child_id),
    endpoint_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    made_at TEXT NOT NULL,
    told_at TEXT,
    told_how TEXT,
    told_by TEXT,
    PRIMARY KEY (child_id, endpoint_id)
);
CREATE TABLE protected_copy (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    plain_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, plain_sha256)
);
CREATE TABLE office_fact (
    fact_id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL,
    body TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL
);
CREATE TABLE dispatch_part (
    dispatch_id TEXT NOT NULL REFERENCES dispatch (dispatch_id),
    -- From 0; the first one leads.
    place BIGINT NOT NULL,
    child_id TEXT NOT NULL,
    obligation TEXT NOT NULL,
    anchor TEXT NOT NULL,
    revision BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    PRIMARY KEY (dispatch_id, place)
);
INSERT INTO dispatch_part VALUES('01a20283-3c9d-7000-acb6-76a7919538f2',0,'c-0405','plan-to-parent','0405-first-meeting',1,'family:0405-father');
INSERT INTO dispatch_part VALUES('01a20283-3c9d-7000-acb6-76a7919538f2',1,'c-0405','prior-written-notice','0405-proposal-instruction',1,'family:0405-father');
INSERT INTO dispatch_part VALUES('01a20283-3ea5-7000-b2e6-cabcb3411122',0,'c-0405','plan-to-parent','0405-first-meeting',1,'family:0405-mother');
INSERT INTO dispatch_part VALUES('01a20283-3ea5-7000-b2e6-cabcb3411122',1,'c-0405','prior-written-notice','0405-proposal-instruction',1,'family:0405-mother');
INSERT INTO dispatch_part VALUES('01a20283-3ea5-7000-b2e6-cabcb3411122',2,'c-0405','monthly-reminder','2026-11',1,'family:0405-mother');
INSERT INTO dispatch_part VALUES('01a20283-3fb1-7000-bc46-b1f3ee8a9a94',0,'c-0405','plan-to-physician','0405-first-meeting',1,'office:oceanview-family/dr-lindqvist');
INSERT INTO dispatch_part VALUES('01a20283-4115-7000-bf55-52b62baeb1a4',0,'c-0405','plan-to-agency','0405-first-meeting',1,'office:bayside-therapy');
CREATE TABLE staff_sheet (
    staff TEXT NOT NULL,
    week TEXT NOT NULL,
    made_at TEXT NOT NULL,
    -- The last day on which it is kept.
    kept_until TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (staff, week)
);
CREATE INDEX child_by_name ON child (folded_name);
CREATE INDEX child_history_by_source ON child_history (source, imported_at);
CREATE INDEX fact_by_child ON fact (child_id, fact_id);
CREATE INDEX obligation_open ON obligation (due_on) WHERE status = 'open';
CREATE INDEX obligation_history_by_child ON obligation_history (child_id, history_id);
CREATE UNIQUE INDEX task_open ON task (child_id, kind, subject) WHERE closed_at IS NULL;
CREATE INDEX task_waiting ON task (task_id) WHERE closed_at IS NULL;
CREATE INDEX dispatch_by_child ON dispatch (child_id);
CREATE INDEX dispatch_by_run ON dispatch (run_id, dispatch_id);
CREATE INDEX dispatch_queue ON dispatch (due_on, dispatch_id) WHERE state = 'queued';
CREATE INDEX dispatch_leases ON dispatch (lease_until) WHERE state = 'sending';
CREATE INDEX dispatch_to_render ON dispatch (dispatch_id) WHERE state = 'queued' AND packet IS NULL;
CREATE INDEX dispatch_by_state ON dispatch (state, due_on, dispatch_id);
CREATE INDEX item_by_dispatch ON dispatch_item (dispatch_id);
CREATE INDEX history_by_dispatch ON dispatch_history (dispatch_id, history_id);
CREATE INDEX ledger_by_child ON ledger (child_id, seq);
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;
CREATE TRIGGER ledger_is_never_cut BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;
CREATE TRIGGER ledger_detail_is_never_changed BEFORE UPDATE ON ledger_detail
BEGIN
    SELECT RAISE (ABORT, 'the record of access is only added to');
END;
CREATE INDEX matter_open ON matter (what, due_on) WHERE closed_seq IS NULL;
CREATE INDEX matter_by_what ON matter (what, opened_seq);
CREATE INDEX matter_by_child ON matter (child_id);
CREATE INDEX legal_hold_by_child ON legal_hold (child_id);
CREATE INDEX ledger_by_time ON ledger (at);
CREATE INDEX attempt_settled ON attempt (channel, settled_at) WHERE outcome IN ('refused for good', 'unknown');
CREATE INDEX plan_by_scope ON plan (scope, plan_id);
CREATE INDEX plan_line_now ON plan_line (scope, child_id) WHERE gone_in IS NULL;
CREATE INDEX plan_line_made ON plan_line (from_plan);
CREATE INDEX plan_line_gone ON plan_line (gone_in);
CREATE INDEX approval_by_child ON approval (child_id);
CREATE INDEX child_by_hash ON child (child_id, record_hash);
CREATE INDEX receipt_by_dispatch ON receipt (dispatch_id);
CREATE INDEX receipt_open ON receipt (receipt_id) WHERE standing IN ('later', 'person');
CREATE UNIQUE INDEX hold_standing ON hold (scope, subject) WHERE released_at IS NULL;
CREATE INDEX schedule_run_by_name ON schedule_run (name, schedule_run_id);
CREATE INDEX dispatch_accepted ON dispatch (channel, updated_at) WHERE state = 'accepted';
CREATE INDEX task_by_child ON task (child_id, kind);
CREATE INDEX part_of_duty ON dispatch_part (child_id, obligation, anchor, revision, recipient);
COMMIT;
