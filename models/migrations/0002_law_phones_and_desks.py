from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from models.tables.message import InboxState
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0001_tables')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField(unique=True)),
                ('off', ReadableJSONField(default=list)),
                ('work', ReadableJSONField(default=list)),
                ('source', fields.CharField(default='', max_length=200)),
                ('dated', fields.DateField(null=True)),
                ('imported_at', UtcDatetimeField()),
                ('imported_by', fields.CharField(max_length=80)),
            ],
            options={'table': 'calendar_year', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
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
            name='OnlineEnding',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='online_endings', on_delete=OnDelete.RESTRICT)),
                ('ground', fields.CharField(max_length=12)),
                ('result', fields.CharField(default='', max_length=4)),
                ('source', fields.CharField(max_length=200)),
                ('finding', fields.TextField(unique=False)),
                ('link', fields.CharField(default='', max_length=400)),
                ('screenshot', fields.CharField(default='', max_length=64)),
                ('by', fields.CharField(max_length=64)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'online_ending', 'app': 'models', 'pk_attr': 'id'},
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
        ops.CreateModel(
            name='SealForm',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('columns', ReadableJSONField()),
            ],
            options={'table': 'seal_form', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Street',
            fields=[
                ('code', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('name', fields.CharField(max_length=40)),
                ('district', fields.CharField(default='', max_length=80)),
                ('source', fields.CharField(default='', max_length=200)),
                ('dated', fields.DateField(null=True)),
            ],
            options={'table': 'street', 'app': 'models', 'pk_attr': 'code'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Account',
            name='email',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Account',
            name='password_through',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
        ops.AddField(
            model_name='Batch',
            name='closed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Batch',
            name='closed_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Batch',
            name='extensions',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Batch',
            name='left',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Department',
            name='phone',
            field=fields.CharField(default='', db_default='', max_length=40),
        ),
        ops.AddField(
            model_name='Draw',
            name='ceremony',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='Draw',
            name='register',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_asked_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Draw',
            name='void_consented_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AlterField(
            model_name='Inbox',
            name='state',
            field=fields.CharEnumField(default=InboxState.NEW, description='NEW: new\nDONE: done\nQUARANTINED: quarantined\nCLOSED: closed', enum_type=InboxState, max_length=12),
        ),
        ops.AddField(
            model_name='Inbox',
            name='retried_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Inbox',
            name='waiting_since',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Invitation',
            name='reason',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Outbox',
            name='waiting_since',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='confirmed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='confirmed_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='given_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='hand',
            field=fields.CharField(null=True, max_length=8),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_account',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Pledge',
            name='named_by',
            field=fields.CharField(null=True, max_length=120),
        ),
        ops.AddField(
            model_name='Pledge',
            name='proof',
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name='Prompt',
            name='past',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Question',
            name='prepare',
            field=fields.CharField(default='', db_default='', max_length=500),
        ),
        ops.AddField(
            model_name='Session',
            name='by_link',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Session',
            name='through',
            field=fields.CharField(default='', db_default='', max_length=120),
        ),
        ops.AddField(
            model_name='Stray',
            name='closed_at',
            field=UtcDatetimeField(null=True),
        ),
        ops.AddField(
            model_name='Substitution',
            name='asked_in',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='Substitution',
            name='tasks',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='started_untold',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
    ]
