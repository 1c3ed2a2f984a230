from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0012_dossier')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TermReminder',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('subject', fields.CharField(max_length=80)),
                ('kind', fields.CharField(default='entry', db_default='entry', max_length=16)),
                ('threshold', fields.IntField()),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='term_reminders', on_delete=OnDelete.RESTRICT)),
                ('due', fields.DateField()),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'term_reminder', 'app': 'models', 'unique_together': (('subject', 'kind', 'threshold', 'account', 'due'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TermSweep',
            fields=[
                ('day', fields.DateField(primary_key=True, unique=True, db_index=True)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'term_sweep', 'app': 'models', 'pk_attr': 'day'},
            bases=['Model'],
        ),
        ops.RunSQL(  # what was said stays said
            'INSERT INTO term_reminder (subject, kind, threshold, account_id, due, at) '
            "SELECT 'task:' || task_id, 'entry', threshold, account_id, due, at FROM reminder"
        ),
        ops.DeleteModel(name='Reminder'),
    ]
