from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0021_snooze')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Meeting',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('title', fields.CharField(max_length=120)),
                ('chair', fields.CharField(max_length=80)),
                ('departments', ReadableJSONField()),
                ('minutes', fields.TextField(unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'meeting', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Resolution',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('meeting', fields.ForeignKeyField('models.Meeting', source_field='meeting_id', db_constraint=True, to_field='id', related_name='resolutions', on_delete=OnDelete.RESTRICT)),
                ('text', fields.CharField(max_length=500)),
                ('owner', fields.CharField(max_length=16)),
                ('due', fields.DateField()),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('report', fields.TextField(default='', unique=False)),
                ('ended_by', fields.CharField(default='', max_length=120)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('dropped', fields.BooleanField(default=False)),
            ],
            options={'table': 'resolution', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
