"""つなぐシート tell the index of words when they are sent or corrected."""

from typing import ClassVar

from django.db import migrations

WORDS = """
CREATE FUNCTION referrals_referral_words() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_changed('referral', NEW.id, TG_OP <> 'INSERT');
    RETURN NULL;
END $$;
CREATE TRIGGER referral_words_begin AFTER INSERT ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION referrals_referral_words();
CREATE TRIGGER referral_words AFTER UPDATE ON referrals_referral
    FOR EACH ROW WHEN ((OLD.reason, OLD.wishes, OLD.household_words) IS DISTINCT FROM (NEW.reason, NEW.wishes, NEW.household_words))
    EXECUTE FUNCTION referrals_referral_words();
INSERT INTO search_due (kind, source_id) SELECT 'referral', id FROM referrals_referral ORDER BY id DESC;
"""
WORDS_NOT = """
DROP TRIGGER referral_words ON referrals_referral;
DROP TRIGGER referral_words_begin ON referrals_referral;
DROP FUNCTION referrals_referral_words();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("referrals", "0003_beyond_the_system"), ("search", "0002_due")]

    operations: ClassVar = [migrations.RunSQL(WORDS, WORDS_NOT)]
