from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_sessions_say_who_opened_them')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Notification',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='notifications', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=12)),
                ('subject', fields.IntField(default=0)),
                ('reference', fields.CharField(unique=True, max_length=32)),
                ('at', UtcDatetimeField()),
                ('told_at', UtcDatetimeField(null=True)),
                ('by_hand', fields.CharField(default='', max_length=12)),
                ('overtaken_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'notification', 'app': 'models', 'unique_together': (('task', 'kind', 'subject'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NotificationAttempt',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='notification_attempts', on_delete=OnDelete.RESTRICT)),
                ('notification', fields.ForeignKeyField('models.Notification', source_field='notification_id', db_constraint=True, to_field='id', related_name='attempts', on_delete=OnDelete.RESTRICT)),
                ('channel', fields.CharField(max_length=12)),
                ('outcome', fields.CharField(max_length=12)),
                ('detail', fields.TextField(default='', unique=False)),
                ('text_sha256', fields.CharField(default='', max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'notification_attempt', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PlatformReceipt',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='receipts', on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(db_index=True, max_length=80)),
                ('day', fields.DateField()),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('replaced_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'platform_receipt', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Publication',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='publications', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=12)),
                ('result', fields.ForeignKeyField('models.Result', source_field='result_id', null=True, db_constraint=True, to_field='id', related_name='publications', on_delete=OnDelete.RESTRICT)),
                ('reason', fields.TextField(default='', unique=False)),
                ('unsigned', fields.TextField(default='', unique=False)),
                ('untold', fields.TextField(default='', unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'publication', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Revision',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='revisions', on_delete=OnDelete.RESTRICT)),
                ('objection', fields.ForeignKeyField('models.Objection', source_field='objection_id', null=True, db_constraint=True, to_field='id', related_name='revisions', on_delete=OnDelete.RESTRICT)),
                ('reason', fields.TextField(unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('result', fields.ForeignKeyField('models.Result', source_field='result_id', null=True, db_constraint=True, to_field='id', related_name='revisions', on_delete=OnDelete.RESTRICT)),
                ('aside', ReadableJSONField(default=list)),
                ('outcome', fields.CharField(default='', max_length=12)),
                ('said', fields.TextField(default='', unique=False)),
                ('decided_by', fields.CharField(default='', max_length=120)),
                ('decided_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'revision', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
