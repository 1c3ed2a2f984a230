from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0020_calendar_feed')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Snooze',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('subject', fields.CharField(db_index=True, max_length=80)),
                ('kind', fields.CharField(max_length=16)),
                ('due', fields.DateField()),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='snoozes', on_delete=OnDelete.RESTRICT)),
                ('until', fields.DateField()),
                ('reason', fields.CharField(max_length=200)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'snooze', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
