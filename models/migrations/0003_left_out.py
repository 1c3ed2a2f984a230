from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from models.rules.left_out import LeftOutReason, Whose
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_law_phones_and_desks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LeftOut',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('key', fields.CharField(unique=True, max_length=240)),
                ('chain', fields.CharField(max_length=120)),
                ('task', fields.CharField(default='', max_length=64)),
                ('whose', fields.CharEnumField(description='LEADER: leader\nINSPECTOR: inspector\nHEAD: head\nOFFICE: office\nENTITY: entity', enum_type=Whose, max_length=12)),
                ('of', fields.CharField(max_length=64)),
                ('why', fields.CharEnumField(description='NOBODY: nobody\nNO_ACCOUNT: no_account\nDISABLED: disabled\nNO_CHAT: no_chat\nNO_CHANNEL: no_channel\nUNDELIVERED: undelivered', enum_type=LeftOutReason, max_length=12)),
                ('about', fields.CharField(max_length=40)),
                ('owed', fields.CharField(default='', max_length=160)),
                ('at', UtcDatetimeField()),
                ('settled_at', UtcDatetimeField(null=True)),
                ('settled_by', fields.CharField(default='', max_length=120)),
                ('settled', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'left_out', 'app': 'models', 'indexes': [Index(fields=['settled_at', 'whose', 'of'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
