from tortoise import migrations
from tortoise.migrations import operations as ops
from models.rules.left_out import LeftOutReason
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0027_visit_joins')]

    initial = False

    operations = [
        ops.AlterField(
            model_name='LeftOut',
            name='why',
            field=fields.CharEnumField(description='NOBODY: nobody\nNO_ACCOUNT: no_account\nDISABLED: disabled\nLEFT: left\nNO_CHAT: no_chat\nNO_CHANNEL: no_channel\nUNDELIVERED: undelivered', enum_type=LeftOutReason, max_length=12),
        ),
    ]
